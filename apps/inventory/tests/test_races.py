"""Many buyers at once, on real connections: nothing is sold twice, nobody deadlocks, no unit is lost."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from apps.inventory import services
from apps.inventory.errors import OutOfStock, ReservationClosed, ReservationExpired
from apps.inventory.models import Reservation, ReservationLine, StockLevel
from apps.inventory.queries import taking
from apps.inventory.tests.factories import counts, location, order_of, stocked
from ecommerce import clock
from ecommerce.testing_threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def buyer(lines: dict[Any, int]) -> Callable[[], str]:
    def buy() -> str:
        try:
            services.reserve_stock(order_of(lines))
        except OutOfStock:
            return "out of stock"
        return "sold"

    return buy


def test_fifty_buyers_for_ten_units_are_ten_sales_and_forty_refusals() -> None:
    for _ in range(5):
        mug = stocked(10)
        assert Counter(at_once([buyer({mug: 1})] * 50)) == {"sold": 10, "out of stock": 40}
        assert services.availability(sku_ids=[mug])[mug].available == 0
    assert services.audit_stock().clean


def test_fifty_buyers_with_ample_stock_are_fifty_sales() -> None:
    mug = stocked(50)
    assert Counter(at_once([buyer({mug: 1})] * 50)) == {"sold": 50}


def test_units_spread_over_locations_are_sold_once_too() -> None:
    mug = stocked(4, at="main")
    for index in range(3):
        stocked(2, at=f"store-{index}", sku_id=mug, priority=index)
    assert Counter(at_once([buyer({mug: 2})] * 50)) == {"sold": 5, "out of stock": 45}
    assert services.audit_stock().clean


@pytest.fixture
def no_guard(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The statement without its lock, the table without its CHECK."""
    unguarded = taking.RESERVE.replace("FOR UPDATE OF l", "")
    assert unguarded != taking.RESERVE
    # Time between looking and writing, so that the race that the lock prevents is sure to happen.
    slow = unguarded.replace("SELECT * FROM unnest(", "SELECT w.* FROM pg_sleep(0.05), unnest(", 1)
    monkeypatch.setattr(taking, "RESERVE", slow)
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE inventory_stocklevel DROP CONSTRAINT inventory_level_promises_covered"
        )
    yield
    StockLevel.objects.update(reserved=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE inventory_stocklevel ADD CONSTRAINT inventory_level_promises_covered"
            " CHECK (on_hand >= reserved + allocated)"
        )


@pytest.mark.usefixtures("no_guard")
def test_control_without_the_guard_the_same_race_oversells() -> None:
    mug = stocked(10)
    sold = at_once([buyer({mug: 1})] * 50).count("sold")
    assert sold > 10
    assert not services.audit_stock().clean


def test_baskets_in_any_order_neither_deadlock_nor_take_a_part() -> None:
    shelf = [stocked(20) for _ in range(5)]
    shuffle = random.Random(3)
    baskets = [dict.fromkeys(shuffle.sample(shelf, 3), 1) for _ in range(80)]

    outcomes = Counter(at_once([buyer(basket) for basket in baskets]))

    assert set(outcomes) <= {"sold", "out of stock"}
    assert sum(outcomes.values()) == 80
    assert (
        ReservationLine.objects.count() == 3 * outcomes["sold"] == 3 * Reservation.objects.count()
    )
    assert all(counts(sku)[1] <= 20 for sku in shelf)
    assert services.audit_stock().clean


def test_buying_cancelling_confirming_and_sweeping_at_once_loses_nothing() -> None:
    shelf = [stocked(30) for _ in range(3)]
    shuffle = random.Random(5)

    def shopper(seed: int) -> Callable[[], str]:
        lines = dict.fromkeys(shuffle.sample(shelf, 2), 1)
        ends = clock.now() + timedelta(seconds=-1 if seed % 2 else 60)

        def shop() -> str:
            held = services.reserve_stock(order_of(lines, expires_at=ends))
            if seed % 5 == 0:
                services.expire_reservations()
            if seed % 3 == 0:
                services.cancel_reservation(order_id=held.order_id, reason="changed my mind")
                return "cancelled"
            try:
                services.confirm_reservation(order_id=held.order_id, now=clock.now())
            except ReservationExpired:
                return "expired"
            return "confirmed"

        return shop

    outcomes = at_once([shopper(seed) for seed in range(40)])
    assert set(outcomes) <= {"cancelled", "confirmed", "expired"}
    assert services.audit_stock().clean


def test_each_unit_ends_sold_or_released_when_the_sweep_meets_the_payment() -> None:
    """The last unit of each SKU: its late payer, the sweep and another buyer arrive together."""
    rounds = 40
    past = clock.now() - timedelta(seconds=1)
    mugs = [stocked(1) for _ in range(rounds)]
    late = [services.reserve_stock(order_of({mug: 1}, expires_at=past)) for mug in mugs]

    def pay(order_id: Any) -> Callable[[], str]:
        def confirm() -> str:
            try:
                services.confirm_reservation(order_id=order_id, now=clock.now())
            except (ReservationExpired, ReservationClosed):
                return "refused"
            return "paid"

        return confirm

    def sweep() -> str:
        services.expire_reservations(limit=3)
        return "swept"

    jobs: list[Callable[[], str]] = []
    for mug, held in zip(mugs, late, strict=True):
        jobs += [pay(held.order_id), sweep, buyer({mug: 1})]
    random.Random(11).shuffle(jobs)
    outcomes = Counter(at_once(jobs))

    assert outcomes["paid"] + outcomes["refused"] == rounds
    for mug, held in zip(mugs, late, strict=True):
        on_hand, reserved, allocated = counts(mug)
        paid = Reservation.objects.get(id=held.id).status == "CONFIRMED"
        assert on_hand == 1
        assert allocated == (1 if paid else 0)
        assert reserved + allocated <= 1
    assert services.audit_stock().clean


def test_one_order_reserved_many_times_at_once_holds_once() -> None:
    mug = stocked(50)
    command = order_of({mug: 2})

    def reserve() -> str:
        return str(services.reserve_stock(command).id)

    assert len(set(at_once([reserve] * 20))) == 1
    assert counts(mug) == (50, 2, 0)


def test_the_same_adjustment_at_once_counts_once() -> None:
    mug = stocked(5)

    def receive() -> str:
        services.receive_stock(sku_id=mug, quantity=3, idempotency_key="delivery-1")
        return "received"

    assert set(at_once([receive] * 20)) == {"received"}
    assert counts(mug) == (8, 0, 0)


def test_a_sweep_passes_over_what_someone_is_paying_for() -> None:
    mug = stocked(1)
    held = services.reserve_stock(order_of({mug: 1}, expires_at=clock.now() - timedelta(seconds=1)))
    swept: list[int] = []

    def sweep() -> None:
        swept.append(services.expire_reservations())
        connection.close()

    with transaction.atomic():
        services.confirm_reservation(order_id=held.order_id, now=clock.now())
        other = threading.Thread(target=sweep)
        other.start()
        other.join(10)
    assert swept == [0]
    assert counts(mug) == (1, 0, 1)
    location()
