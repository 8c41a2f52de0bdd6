"""The stock's gauges."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.inventory import services
from apps.inventory.models import Allocation, Location, Reservation
from apps.inventory.tests.factories import order_of, stocked
from apps.inventory.types import AllocateOrder, ShelfCount, StartCount
from ecommerce.clock import now
from ecommerce.operations.metrics import exposition
from ecommerce.ttl_cache import TtlCache

pytestmark = pytest.mark.django_db
GAUGES = (
    "reservations_active",
    "allocations_pending",
    'reconciliation_variance{direction="missing"}',
    'reconciliation_variance{direction="found"}',
    "inventory_onhand_count",
    "stockout_rate",
)


def told() -> list[float]:
    """What the gauges say."""
    lines = exposition().decode().splitlines()
    values = {name: value for name, _, value in (line.rpartition(" ") for line in lines)}
    return [float(values[name]) for name in GAUGES]


def test_an_empty_shop_has_figures() -> None:
    assert told() == [0, 0, 0, 0, 0, 0]


def test_what_is_over_or_shut_is_not_counted() -> None:
    mug, tea = stocked(5), stocked(10)
    services.reserve_stock(order_of({mug: 5}))
    over = services.reserve_stock(order_of({tea: 1}))
    Reservation.objects.filter(id=over.id).update(expires_at=now() - timedelta(seconds=1))
    for status in ("PICKED", "SHIPPED"):
        order = order_of({tea: 1})
        services.allocate_stock(order, now=now())
        services.allocate_order(AllocateOrder(order_id=order.order_id), now=now())
        Allocation.objects.filter(order_id=order.order_id).update(status=status)
    for sku, counted, status in ((mug, 3, "OPEN"), (tea, 14, "OPEN"), (stocked(9), 0, "CANCELLED")):
        count = services.start_count(
            StartCount(location="main", scope="chosen", sku_ids=(sku,)), now=now()
        )
        noted = [ShelfCount(sku_id=sku, counted=counted)]
        services.note_counts(count_id=count.id, counts=noted, actor="ada", now=now())
        if status == "CANCELLED":
            services.cancel_count(count_id=count.id, actor="ada", now=now())
    stocked(7, at="shut")
    Location.objects.filter(code="shut").update(active=False)

    assert told() == pytest.approx([1, 1, 2, 4, 31, 1 / 3])


def test_a_process_that_is_asked_often_reads_seldom() -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            told()
        return len(asked)

    first, again = cost(), cost()
    assert first - again == 2
    TtlCache.clear_all()
    assert cost() == first
