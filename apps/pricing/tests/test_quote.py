"""Quotes: what a cart costs, why, and that it can be computed again."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from apps.pricing import services
from apps.pricing.errors import PriceMissing, QuoteNotFound
from apps.pricing.tests.factories import (
    NOW,
    a_sku,
    cart,
    coupon,
    line,
    price_list,
    priced,
    promotion,
    sold_in,
    taxed,
)
from apps.pricing.types import CreatePrice
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


def test_tax_is_told_out_of_prices_that_include_it() -> None:
    mug = priced(1999, compare_at_minor=2499)
    taxed("19")

    quote = services.quote_cart(cart(line(mug, 2), shipping_minor=490), now=NOW)

    [one] = quote.lines
    assert (one.unit_price_minor, one.list_price_minor, one.subtotal_minor) == (1999, 2499, 3998)
    assert (one.tax_minor, one.tax_rate, one.total_minor) == (638, Decimal("19.0000"), 3998)
    assert (quote.shipping_tax_minor, quote.tax_minor, quote.total_minor) == (78, 716, 4488)
    assert quote.reasons == ()


def test_tax_is_added_to_prices_that_exclude_it() -> None:
    mug, net = a_sku(), price_list("us", currency="USD", prices_include_tax=False)
    services.create_price(CreatePrice(price_list_id=net, sku_id=mug, amount_minor=1999), now=NOW)
    taxed("8.8750", country="US", region="NY")
    taxed("0", country="US")

    york = services.quote_cart(cart(line(mug), currency="USD", country="US", region="NY"), now=NOW)
    elsewhere = services.quote_cart(
        cart(line(mug), currency="USD", country="US", region="OR"), now=NOW
    )

    assert (york.tax_minor, york.total_minor, york.prices_include_tax) == (177, 2176, False)
    assert (elsewhere.tax_minor, elsewhere.total_minor) == (0, 1999)


def test_promotions_run_by_priority_and_each_is_explained() -> None:
    mug, tea = priced(1000), priced(333)
    promotion("late", priority=1, percent=Decimal("10"))
    promotion(
        "early", "fixed_discount", priority=5, amount_minor=100, currency="EUR", sku_ids=[tea]
    )
    promotion("big-spender", "free_shipping", min_subtotal_minor=5000, currency="EUR")
    sold_in("CHF")
    promotion("francs", "fixed_discount", amount_minor=100, currency="CHF")

    quote = services.quote_cart(
        cart(line(mug), line(tea), shipping_minor=490, country=None), now=NOW
    )

    assert [(one.discount_minor, one.total_minor) for one in quote.lines] == [
        (100, 900),
        (123, 210),
    ]
    assert [
        (reason.rule, reason.outcome, reason.code, reason.amount_minor) for reason in quote.reasons
    ] == [
        ("promotion:early", "applied", "fixed_discount", 100),
        ("promotion:late", "applied", "percentage_discount", 123),
        ("promotion:big-spender", "refused", "min-subtotal", 0),
        ("promotion:francs", "refused", "currency", 0),
        ("tax", "refused", "no-country", 0),
    ]


def test_an_exclusive_promotion_keeps_the_later_ones_out() -> None:
    mug = priced(1000)
    promotion("only", percent=20, priority=9, stacking="exclusive")
    promotion("more", percent=50)

    quote = services.quote_cart(cart(line(mug)), now=NOW)

    assert quote.total_minor == 800
    assert ("promotion:more", "not combinable with only") in [
        (r.rule, r.why) for r in quote.reasons
    ]


def test_a_discount_is_split_by_largest_remainder_and_a_cart_never_costs_less_than_nothing() -> (
    None
):
    a, b, c = (priced(100) for _ in range(3))
    promotion("dime", "fixed_discount", amount_minor=100, currency="EUR")
    split = services.quote_cart(cart(line(a), line(b), line(c)), now=NOW)
    promotion("all", "fixed_discount", amount_minor=99_999, currency="EUR")
    free = services.quote_cart(cart(line(a), line(b), line(c)), now=NOW)

    assert sorted(one.discount_minor for one in split.lines) == [33, 33, 34]
    assert (free.total_minor, free.discount_minor) == (0, 300)


def test_a_coupon_brings_its_promotion_in_however_it_is_typed() -> None:
    mug = priced(1000)
    coupon("HELLO-10")

    without = services.quote_cart(cart(line(mug)), now=NOW)
    typed = services.quote_cart(cart(line(mug), coupon_codes=("hello-10 ", "nix", "")), now=NOW)

    assert (without.total_minor, without.coupon_codes) == (1000, ())
    assert (typed.total_minor, typed.coupon_codes) == (900, ("HELLO-10",))
    assert ("coupon:NIX", "refused", "coupon-unknown") in [
        (reason.rule, reason.outcome, reason.code) for reason in typed.reasons
    ]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"valid_from": NOW + timedelta(days=1)}, "coupon-not-yet"),
        ({"valid_to": NOW}, "coupon-expired"),
        ({"usage_limit": 0}, "coupon-used-up"),
        ({"per_customer_limit": 1}, "coupon-sign-in"),
    ],
)
def test_a_refused_coupon_says_why(fields: dict[str, Any], code: str) -> None:
    mug = priced(1000)
    coupon("SAVE", **fields)

    quote = services.quote_cart(cart(line(mug), coupon_codes=("SAVE",)), now=NOW)

    assert (quote.total_minor, quote.coupon_codes) == (1000, ())
    assert [reason.code for reason in quote.reasons if reason.rule.endswith("coupon:SAVE")] == [
        code
    ]


def test_a_sku_without_a_price_is_named() -> None:
    mug, bare = priced(1000), new_id()

    with pytest.raises(PriceMissing) as refusal:
        services.quote_cart(cart(line(mug), line(bare)), now=NOW)

    assert refusal.value.facts["sku_ids"] == [str(bare)]


def test_a_tier_holds_from_its_quantity_on_over_all_lines_of_the_sku() -> None:
    mug = priced(1000)
    priced(900, sku_id=mug, min_quantity=10)

    nine = services.quote_cart(cart(line(mug, 9)), now=NOW)
    ten = services.quote_cart(cart(line(mug, 4), line(mug, 6)), now=NOW)

    assert (nine.total_minor, ten.total_minor) == (9000, 9000)


def test_a_quote_takes_four_statements_and_is_kept(django_assert_num_queries: Any) -> None:
    mug, tea = priced(1999), priced(500)
    taxed("19")
    promotion("ten", percent=10)
    coupon("SAVE", percent=5)
    wanted = cart(
        line(mug, 3), line(tea, 7), coupon_codes=("SAVE",), shipping_minor=490, record=True
    )

    with django_assert_num_queries(4):
        quote = services.quote_cart(wanted, now=NOW)

    assert services.get_quote(quote.id) == quote


def test_a_quote_replays_to_the_cent_after_everything_has_changed() -> None:
    mug = priced(1999)
    taxed("19")
    rule = promotion("ten", percent=10)
    quote = services.quote_cart(cart(line(mug, 3), record=True, shipping_minor=490), now=NOW)
    priced(1, sku_id=mug, now=NOW + timedelta(days=1))
    services.set_promotion_status(promotion_id=rule.id, status="archived")

    replay = services.replay_quote(quote.id)

    assert (replay.identical, replay.signature_valid, replay.differences) == (True, True, ())
    assert replay.replayed_total_minor == quote.total_minor == 5887
    assert replay.quote == quote


@pytest.mark.parametrize("column", ["inputs", "result"])
def test_a_quote_that_was_tampered_with_is_found_out(column: str) -> None:
    mug = priced(1999)
    quote = services.quote_cart(cart(line(mug), record=True), now=NOW)
    where = "{prices,0,amount_minor}" if column == "inputs" else "{total_minor}"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pricing_quote DISABLE TRIGGER pricing_quote_append_only")
        cursor.execute(f"UPDATE pricing_quote SET {column} = jsonb_set({column}, '{where}', '1')")
        cursor.execute("ALTER TABLE pricing_quote ENABLE TRIGGER pricing_quote_append_only")

    replay = services.replay_quote(quote.id)

    assert (replay.identical, replay.signature_valid) == (False, False)


def test_the_database_refuses_to_change_a_quote() -> None:
    mug = priced(1999)
    services.quote_cart(cart(line(mug), record=True), now=NOW)

    for statement in ("UPDATE pricing_quote SET total_minor = 0", "DELETE FROM pricing_quote"):
        with (
            pytest.raises((IntegrityError, InternalError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_there_is_no_float_in_what_is_recorded() -> None:
    mug = priced(1999)
    taxed("8.8750")
    services.quote_cart(cart(line(mug), record=True), now=NOW)

    with connection.cursor() as cursor:
        cursor.execute("SELECT inputs, result FROM pricing_quote")
        inputs, result = cursor.fetchone()

    def refuse(text: str) -> None:
        raise AssertionError(f"a float: {text}")

    json.loads(inputs, parse_float=refuse)
    json.loads(result, parse_float=refuse)


def test_a_quote_that_was_never_given_is_not_found() -> None:
    with pytest.raises(QuoteNotFound):
        services.replay_quote(new_id())
