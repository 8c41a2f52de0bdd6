"""The rules of parcels, as pure functions."""

from datetime import UTC, datetime, timedelta
from itertools import permutations, product

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from apps.shipping.domain.parcels import parcel_weight, weight_of
from apps.shipping.domain.tracking import ShipmentStatus, Sighting, meaning_of, status_after
from apps.shipping.domain.transitions import FulfilmentState, may_move
from apps.shipping.models import Fulfilment
from apps.shipping.tests.factories import NOW
from ecommerce.ids import new_id
from ecommerce.signatures import holds, signature_of

DECLARED = {
    ("REQUESTED", "PICKING"),
    ("REQUESTED", "CANCELED"),
    ("PICKING", "PACKED"),
    ("PICKING", "CANCELED"),
    ("PACKED", "SHIPPED"),
    ("PACKED", "CANCELED"),
    ("SHIPPED", "DELIVERED"),
}
T0 = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(("before", "after"), list(product(FulfilmentState, FulfilmentState)))
def test_only_declared_steps_are_allowed(before: FulfilmentState, after: FulfilmentState) -> None:
    assert may_move(before, after) == ((before.value, after.value) in DECLARED)


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after"), list(product(FulfilmentState, FulfilmentState)))
def test_the_database_declares_the_same_steps(
    before: FulfilmentState, after: FulfilmentState
) -> None:
    row = Fulfilment.objects.create(
        order_id=new_id(),
        order_number="SO-1",
        shipping_method="standard",
        carrier="sandbox",
        service="standard",
        state=before,
        requested_at=NOW,
        updated_at=NOW,
    )
    try:
        with transaction.atomic():
            Fulfilment.objects.filter(id=row.id).update(state=after)
        moved = True
    except IntegrityError:
        moved = False

    assert moved == (before == after or may_move(before, after))


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("accepted", ShipmentStatus.IN_TRANSIT),
        ("In Transit", ShipmentStatus.IN_TRANSIT),
        ("out-for-delivery", ShipmentStatus.OUT_FOR_DELIVERY),
        ("delivered", ShipmentStatus.DELIVERED),
        ("delivery_failed", ShipmentStatus.EXCEPTION),
        ("weighed", None),
    ],
)
def test_carriers_words_are_understood(word: str, status: ShipmentStatus | None) -> None:
    assert meaning_of(word) == status


def seen(status: ShipmentStatus, minutes: int, sequence: int = 0) -> Sighting:
    return Sighting(status=status, occurred_at=T0 + timedelta(minutes=minutes), sequence=sequence)


def test_every_order_of_arrival_tells_the_same() -> None:
    story = [
        seen(ShipmentStatus.BOOKED, 0),
        seen(ShipmentStatus.IN_TRANSIT, 10),
        seen(ShipmentStatus.EXCEPTION, 20),
        seen(ShipmentStatus.OUT_FOR_DELIVERY, 30),
    ]
    ends = {status_after(order) for order in permutations(story * 1)}
    assert ends == {ShipmentStatus.OUT_FOR_DELIVERY}
    delivered = [*story, seen(ShipmentStatus.DELIVERED, 25)]
    assert {status_after(order) for order in permutations(delivered)} == {ShipmentStatus.DELIVERED}


@given(
    st.lists(
        st.builds(
            seen,
            st.sampled_from(list(ShipmentStatus)),
            st.integers(0, 5),
            st.integers(0, 2),
        ),
        min_size=1,
        max_size=6,
    ),
    st.randoms(),
)
def test_shuffling_and_repeating_sightings_changes_nothing(
    story: list[Sighting], random: object
) -> None:
    shuffled = story + story[:2]
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random

    assert status_after(shuffled) == status_after(story)


def test_what_weighs_nobody_knows_does_not_ship_as_air() -> None:
    assert weight_of([(300, 2), (None, 1)]) == 1100
    assert parcel_weight(0) == 50


def test_only_a_fresh_signature_of_ours_holds() -> None:
    body = b'{"id": "1"}'
    stamp = int(NOW.timestamp())
    good = signature_of(body, secret="s", timestamp=stamp)

    assert holds(body, good, secrets=["old", "s"], now=NOW)
    assert not holds(body + b" ", good, secrets=["s"], now=NOW)
    assert not holds(body, good, secrets=["other"], now=NOW)
    assert not holds(body, good, secrets=[], now=NOW)
    assert not holds(body, good, secrets=["s"], now=NOW + timedelta(minutes=6))
    for header in ("", "t=x,v1=y", "v1=" + good, "t=1"):
        assert not holds(body, header, secrets=["s"], now=NOW)
