"""Monthly snapshots make valuations quick and change nothing about them."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.inventory import services
from apps.inventory.models import CostEntry, CostLayer, StockMovement, ValueSnapshot
from apps.inventory.services._snapshot import METHODS, take_snapshots
from apps.inventory.tests.factories import location, stocked
from apps.inventory.types import AdjustStock, TransferStock, ValueStock
from ecommerce import clock

pytestmark = pytest.mark.django_db


def adjust(sku: UUID, delta: int, kind: str, at: str = "main") -> UUID:
    command = AdjustStock(sku_id=sku, delta=delta, reason="so", kind=kind, location=at)
    return services.adjust_stock(command).movement_id


def priced(movement_id: UUID, cost: int, *, late_by: timedelta = timedelta(0)) -> None:
    """What a movement brought, which came ``late_by`` before it was written, known from now on."""
    entry = StockMovement.objects.get(id=movement_id)
    layer = CostLayer.objects.create(
        movement_id=movement_id,
        sku_id=entry.sku_id,
        location_id=entry.location_id,
        units=entry.delta,
        source="order",
        occurred_at=entry.created_at - late_by,
        recorded_at=clock.now(),
    )
    also(layer, cost)


def also(layer: CostLayer, cost: int) -> None:
    CostEntry.objects.create(layer=layer, kind="bill", amount_minor=cost, recorded_at=clock.now())


def unpriced(sku: UUID) -> list[UUID]:
    known = CostLayer.objects.filter(sku_id=sku).values("movement_id")
    rows = StockMovement.objects.filter(sku_id=sku, delta__gt=0).exclude(kind="transfer_in")
    return list(rows.exclude(id__in=known).order_by("version").values_list("id", flat=True))


def bought(sku: UUID, units: int) -> None:
    priced(adjust(sku, units, "receipt"), units * 37)


def written_late(sku: UUID, units: int) -> None:
    priced(adjust(sku, units, "receipt"), units * 53, late_by=timedelta(milliseconds=3 * units))


def found(sku: UUID, units: int) -> None:
    adjust(sku, units, "count")


def billed(sku: UUID, units: int) -> None:
    layers = list(CostLayer.objects.filter(sku_id=sku).order_by("recorded_at"))
    if layers:
        also(layers[units % len(layers)], units * 5)


def priced_later(sku: UUID, units: int) -> None:
    for movement_id in unpriced(sku)[:1]:
        priced(movement_id, units * 11)


def snapshot(sku: UUID, units: int) -> None:
    for method in METHODS:
        take_snapshots(method, until=clock.now(), known_at=clock.now())


def old_snapshot(sku: UUID, units: int) -> None:
    until = clock.now() - timedelta(milliseconds=units)
    for method in METHODS:
        take_snapshots(method, until=until, known_at=clock.now())


def there(sku: UUID, units: int) -> int:
    """As many of them as lie in main."""
    return min(units, services.sku_stock(sku_id=sku, location="main").total.on_hand)


def sold(sku: UUID, units: int) -> None:
    if units := there(sku, units):
        adjust(sku, -units, "shipment")


def scrapped(sku: UUID, units: int) -> None:
    if units := there(sku, units):
        adjust(sku, -units, "scrap")


def moved(sku: UUID, units: int) -> None:
    if units := there(sku, units):
        services.transfer_stock(
            TransferStock(sku_id=sku, quantity=units, source="main", destination="north")
        )


WHAT = st.sampled_from(
    (
        bought,
        written_late,
        found,
        billed,
        priced_later,
        snapshot,
        old_snapshot,
        sold,
        scrapped,
        moved,
    )
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    story=st.lists(st.tuples(WHAT, st.integers(1, 9)), min_size=6, max_size=16),
    picks=st.lists(st.tuples(*[st.integers(0, 16)] * 3), min_size=6, max_size=6),
)
def test_a_valuation_from_snapshots_is_the_whole_one(
    story: list[tuple[Callable[[UUID, int], None], int]], picks: list[tuple[int, int, int]]
) -> None:
    with transaction.atomic():
        location(), location("north")
        sku = stocked(5)
        times = [clock.now()]
        for what, units in story:
            what(sku, units)
            times.append(clock.now())
        commands = [
            ValueStock(
                at=times[at % len(times)],
                known_at=times[known % len(times)],
                method=METHODS[at % 2],  # type: ignore[arg-type]  # one of them
                since=times[since] if since < len(times) else None,
            )
            for at, known, since in [*picks, (-1, -1, 99), (-2, -1, 99)]
        ]
        quick = [services.value_skus(command, sku_ids=[sku]) for command in commands]
        ValueSnapshot.objects.all().delete()
        assert quick == [services.value_skus(command, sku_ids=[sku]) for command in commands]
        transaction.set_rollback(True)


def test_each_month_is_kept_once_and_read_while_it_holds() -> None:
    mug = stocked(5)
    priced(StockMovement.objects.get(sku_id=mug).id, 500)
    month = (clock.now().replace(day=1) + timedelta(days=32)).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    assert services.snapshot_value(now=month + timedelta(minutes=59)) == 0
    assert services.snapshot_value(now=month + timedelta(hours=2)) == 2
    assert services.snapshot_value(now=month + timedelta(hours=3)) == 0
    (row,) = ValueSnapshot.objects.filter(method="fifo")
    assert (row.until, row.known_at) == (month, month + timedelta(hours=1))

    later = month + timedelta(days=9)
    ValueSnapshot.objects.filter(id=row.id).update(state=row.state | {"bought_minor": 501})
    command = ValueStock(at=later, known_at=later)
    (value,) = services.value_skus(command, sku_ids=[mug])
    assert value.bought_minor == 501, "it was read"
    CostEntry.objects.create(
        layer_id=StockMovement.objects.get(sku_id=mug).id,
        kind="bill",
        amount_minor=25,
        recorded_at=month + timedelta(days=3),
    )
    (value,) = services.value_skus(command, sku_ids=[mug])
    assert (value.bought_minor, value.cost_minor) == (525, 525), "it no longer holds"
