"""Prices: their periods, their history, and changing many at once."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.pricing import errors, services
from apps.pricing.models import Price, PriceList
from apps.pricing.tests.factories import NOW, a_sku, price_list, priced, refused, skus
from apps.pricing.types import (
    ChangePrice,
    CreatePrice,
    CreatePriceList,
    LoadedPrice,
    PriceRow,
    SetPrices,
)
from ecommerce.errors import Invalid, StaleVersion
from ecommerce.events.testing import published
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def cost(sku_id: UUID, *, at: datetime = NOW) -> int | None:
    price = services.prices_for(sku_ids=[sku_id], channel="web", currency="EUR", now=at).get(sku_id)
    return price.amount_minor if price else None


def told(kind: str) -> list[dict[str, Any]]:
    return [event.payload for event in published(f"ecommerce.pricing.price.{kind}.v1")]


def test_a_price_that_overlaps_another_is_refused_by_name() -> None:
    retail, mug = price_list("retail"), a_sku()
    first = services.create_price(
        CreatePrice(price_list_id=retail, sku_id=mug, amount_minor=1000, valid_to=NOW + 9 * DAY),
        now=NOW,
    )

    with refused(errors.PriceOverlap) as refusal:
        services.create_price(
            CreatePrice(
                price_list_id=retail, sku_id=mug, amount_minor=900, valid_from=NOW + 8 * DAY
            ),
            now=NOW,
        )
    services.create_price(
        CreatePrice(price_list_id=retail, sku_id=mug, amount_minor=900, valid_from=NOW + 9 * DAY),
        now=NOW,
    )

    assert refusal.value.facts["overlapping_price_id"] == str(first.id)
    assert [cost(mug, at=NOW + days * DAY) for days in (0, 8, 9, 99)] == [1000, 1000, 900, 900]
    assert cost(mug, at=NOW - DAY) is None


def test_the_list_of_the_highest_priority_wins_while_it_holds() -> None:
    mug = priced(1000)
    sale = price_list("sale", priority=10, valid_to=NOW + DAY)
    services.create_price(CreatePrice(price_list_id=sale, sku_id=mug, amount_minor=700), now=NOW)

    assert (cost(mug), cost(mug, at=NOW + DAY)) == (700, 1000)


def test_a_changed_price_leaves_the_old_one_in_the_past() -> None:
    mug = priced(1000)
    before = services.prices_for(sku_ids=[mug], channel="web", currency="EUR", now=NOW)[mug]
    later = NOW + DAY

    with refused(StaleVersion):
        services.change_price(_change(before.price_id, 1200, version=7), now=later)
    after = services.change_price(_change(before.price_id, 1200, version=1), now=later)
    with refused(errors.PriceClosed):
        services.change_price(_change(before.price_id, 1300), now=later)

    assert (cost(mug), cost(mug, at=later)) == (1000, 1200)
    assert (after.replaces_id, after.version) == (before.price_id, 1)
    [change] = told("changed")
    assert (change["previousAmount"], change["amount"], change["skuId"]) == (1000, 1200, str(mug))
    assert (change["channel"], change["currency"], change["validTo"]) == ("web", "EUR", None)


def test_another_end_alone_amends_the_price() -> None:
    mug = priced(1000)
    price_id = services.prices_for(sku_ids=[mug], channel="web", currency="EUR", now=NOW)[
        mug
    ].price_id

    amended = services.change_price(_change(price_id, 1000, valid_to=NOW + DAY), now=NOW)
    again = services.change_price(_change(price_id, 1000, valid_to=NOW + DAY), now=NOW)

    assert (amended.id, amended.version, amended.valid_to) == (price_id, 2, NOW + DAY)
    assert again == amended
    assert cost(mug, at=NOW + DAY) is None


def test_a_retired_price_ends_now_and_a_scheduled_one_never_begins() -> None:
    retail, mug, tea = price_list("retail"), priced(1000), a_sku()
    held = services.prices_for(sku_ids=[mug], channel="web", currency="EUR", now=NOW)[mug].price_id
    coming = services.create_price(
        CreatePrice(price_list_id=retail, sku_id=tea, amount_minor=500, valid_from=NOW + 5 * DAY),
        now=NOW,
    )

    services.retire_price(price_id=held, now=NOW + DAY)
    services.retire_price(price_id=held, now=NOW + 2 * DAY)
    services.retire_price(price_id=coming.id, now=NOW + DAY)

    assert (cost(mug), cost(mug, at=NOW + DAY)) == (1000, None)
    assert cost(tea, at=NOW + 6 * DAY) is None
    assert [event["priceId"] for event in told("retired")] == [str(held), str(coming.id)]


def test_a_price_does_not_begin_in_the_past() -> None:
    retail, mug = price_list("retail"), a_sku()

    for start, end in ((NOW - DAY, None), (NOW, NOW)):
        with refused(Invalid):
            services.create_price(
                CreatePrice(
                    price_list_id=retail,
                    sku_id=mug,
                    amount_minor=1,
                    valid_from=start,
                    valid_to=end,
                ),
                now=NOW,
            )


def test_the_database_keeps_what_a_price_said() -> None:
    priced(1000)

    for statement in (
        "UPDATE pricing_price SET amount_minor = 1",
        "UPDATE pricing_price SET sku_id = gen_random_uuid()",
        "DELETE FROM pricing_price",
        "UPDATE pricing_price SET valid_during = 'empty'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_lists_of_one_channel_and_currency_agree_on_tax() -> None:
    price_list("gross", prices_include_tax=True)
    price_list("net-dollars", currency="USD", prices_include_tax=False)

    with refused(errors.PriceListConflict):
        price_list("net", prices_include_tax=False)
    with refused(errors.PriceListConflict):
        services.create_price_list(
            CreatePriceList(code="gross", name="Again", channel="web", currency="EUR"), now=NOW
        )

    follows = services.ensure_price_list(channel="web", currency="USD", now=NOW)
    again = services.ensure_price_list(channel="web", currency="USD", now=NOW)
    assert (follows.prices_include_tax, again) == (False, follows)


def test_many_prices_are_set_at_once_and_a_repeat_changes_nothing() -> None:
    mug, tea, cup = priced(1000), a_sku(), priced(300)
    web = services.ensure_price_list(channel="web", currency="EUR", now=NOW).id
    services.create_price(
        CreatePrice(price_list_id=web, sku_id=tea, amount_minor=450, valid_from=NOW + 5 * DAY),
        now=NOW,
    )
    rows = (
        PriceRow(sku_id=mug, amount_minor=1100),
        PriceRow(sku_id=tea, amount_minor=500),
        PriceRow(sku_id=cup, amount_minor=300),
        PriceRow(sku_id=mug, amount_minor=1),
    )
    before = len(published())

    first = services.set_prices(SetPrices(price_list_id=web, rows=rows), now=NOW + DAY)
    again = services.set_prices(SetPrices(price_list_id=web, rows=rows), now=NOW + 2 * DAY)

    assert [row.outcome for row in first] == ["changed", "created", "unchanged", "refused"]
    assert [row.outcome for row in again] == ["unchanged", "unchanged", "unchanged", "refused"]
    assert [cost(mug), cost(mug, at=NOW + DAY)] == [1000, 1100]
    assert [cost(tea, at=NOW + days * DAY) for days in (0, 1, 5)] == [None, 500, 450]
    assert len(published()) == before + 2


def test_an_unknown_sku_has_no_price() -> None:
    retail, nobody, mug = price_list("retail"), new_id(), a_sku()

    with refused(errors.NoSuchSku) as refusal:
        services.create_price(
            CreatePrice(price_list_id=retail, sku_id=nobody, amount_minor=5), now=NOW
        )
    rows = tuple(PriceRow(sku_id=sku, amount_minor=5) for sku in (nobody, mug))
    outcomes = services.set_prices(SetPrices(price_list_id=retail, rows=rows), now=NOW)

    assert [fault.pointer for fault in refusal.value.faults] == ["/sku_id"]
    assert [(one.outcome, one.detail) for one in outcomes] == [
        ("refused", "no such SKU"),
        ("created", ""),
    ]
    assert (cost(nobody), cost(mug)) == (None, 5)


@pytest.mark.parametrize(
    ("channel", "currency", "where"), [("nochan", "EUR", "/channel"), ("web", "XXX", "/currency")]
)
def test_a_list_is_of_a_channel_and_a_currency_that_it_sells_in(
    channel: str, currency: str, where: str
) -> None:
    command = CreatePriceList(code="odd", name="Odd", channel=channel, currency=currency)

    with refused(errors.NotSoldThere) as refusal:
        services.create_price_list(command, now=NOW)

    assert [fault.pointer for fault in refusal.value.faults] == [where]
    assert not PriceList.objects.exists()


def test_set_twice_at_one_instant_the_later_holds() -> None:
    mug = priced(1000)
    priced(1100, sku_id=mug)

    assert cost(mug) == 1100
    assert Price.objects.filter(sku_id=mug, withdrawn_at__isnull=False).count() == 1


def test_setting_prices_takes_a_handful_of_statements(django_assert_max_num_queries: Any) -> None:
    web = services.ensure_price_list(channel="web", currency="EUR", now=NOW).id
    many = skus(100)
    for amount in (100, 200):
        rows = tuple(PriceRow(sku_id=sku, amount_minor=amount) for sku in many)
        with django_assert_max_num_queries(11):
            services.set_prices(
                SetPrices(price_list_id=web, rows=rows), now=NOW + timedelta(minutes=amount)
            )


def test_prices_of_many_skus_take_one_statement(django_assert_num_queries: Any) -> None:
    several = [priced(100 + number) for number in range(20)]

    with django_assert_num_queries(1):
        prices = services.prices_for(sku_ids=several, channel="web", currency="EUR", now=NOW)

    assert [prices[sku].amount_minor for sku in several] == list(range(100, 120))


def test_loading_copies_prices_in_and_skips_what_is_there() -> None:
    price_list("retail")
    rows = [
        LoadedPrice(
            price_list_code="retail", sku_id=new_id(), amount_minor=number, valid_from=NOW - DAY
        )
        for number in range(2500)
    ]

    first = services.load_prices(iter(rows[:2000]), now=NOW)
    again = services.load_prices(iter(rows), now=NOW)

    assert (first, again) == (2000, 500)
    assert cost(rows[7].sku_id) == 7
    assert len(told("created")) == 2500
    with pytest.raises(errors.PriceListNotFound):
        services.load_prices(
            [LoadedPrice(price_list_code="no", sku_id=new_id(), amount_minor=1, valid_from=NOW)],
            now=NOW,
        )


def test_a_scheduled_price_is_announced_when_it_begins() -> None:
    retail, mug = price_list("retail"), a_sku()
    services.create_price(
        CreatePrice(price_list_id=retail, sku_id=mug, amount_minor=500, valid_from=NOW + DAY),
        now=NOW,
    )

    assert services.announce_begun_prices(now=NOW) == 0
    assert services.announce_begun_prices(now=NOW + DAY) == 1
    assert services.announce_begun_prices(now=NOW + DAY) == 0
    assert [event["amount"] for event in told("changed")] == [500]


STEPS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 30), st.integers(1, 3)), min_size=1, max_size=8
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_at_any_time_a_sku_has_one_price_at_most(steps: list[tuple[int, int, int]]) -> None:
    retail, mug = price_list(f"retail-{new_id()}"), a_sku()
    accepted: list[tuple[int, int, int]] = []
    for number, (start, length, _) in enumerate(steps):
        try:
            with transaction.atomic():
                services.create_price(
                    CreatePrice(
                        price_list_id=retail,
                        sku_id=mug,
                        amount_minor=number,
                        valid_from=NOW + start * DAY,
                        valid_to=NOW + (start + length) * DAY,
                    ),
                    now=NOW,
                )
            accepted.append((number, start, start + length))
        except errors.PriceOverlap:
            assert any(begin < start + length and start < end for _, begin, end in accepted)

    for day in range(61):
        holding = [number for number, begin, end in accepted if begin <= day < end]
        assert cost(mug, at=NOW + day * DAY) == (holding[0] if holding else None)
        assert len(holding) <= 1


def _change(price_id: UUID, amount: int, **fields: Any) -> ChangePrice:
    return ChangePrice(
        **{
            "price_id": price_id,
            "amount_minor": amount,
            "compare_at_minor": None,
            "valid_to": None,
            **fields,
        }
    )
