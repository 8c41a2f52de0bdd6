"""A SKU that everybody wants at once, counted in each way, and while the way changes."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django_redis import get_redis_connection

from apps.inventory import services
from apps.inventory.errors import OutOfStock
from apps.inventory.gateways import hints
from apps.inventory.models import ReservationLine, StockLevel
from apps.inventory.tests.factories import order_of, stocked
from apps.inventory.tests.test_races import buyer
from apps.inventory.types import Counting, StockLine
from ecommerce import clock
from ecommerce.events.testing import published
from ecommerce.testing_threads import at_once, kept_waiting

pytestmark = pytest.mark.django_db(transaction=True)

WAYS: tuple[Counting, ...] = ("plain", "striped", "flash")


def standing(sku_id: UUID) -> tuple[int, int, int, int]:
    """On hand, reserved, allocated, available, as everybody is told."""
    stock = services.availability(sku_ids=[sku_id])[sku_id]
    return stock.on_hand, stock.reserved, stock.allocated, stock.available


def hot(units: int, counting: Counting = "striped", **where: Any) -> UUID:
    sku_id = stocked(units, **where)
    services.set_counting(sku_id=sku_id, counting=counting)
    return sku_id


@pytest.mark.parametrize("counting", WAYS)
def test_nobody_is_refused_while_units_last_and_nobody_after(counting: Counting) -> None:
    mug = hot(1000, counting)
    outcomes = at_once([buyer({mug: 1})] * 1050, threads=64)
    assert Counter(outcomes) == {"sold": 1000, "out of stock": 50}
    assert standing(mug) == (1000, 1000, 0, 0)
    assert services.audit_stock().clean


@pytest.mark.parametrize("counting", ["striped", "flash"])
def test_leftovers_are_found_wherever_they_are(counting: Counting) -> None:
    mug = hot(20, counting)
    stocked(3, at="north", sku_id=mug)
    assert Counter(at_once([buyer({mug: 5})] * 6)) == {"sold": 4, "out of stock": 2}
    assert Counter(at_once([buyer({mug: 3})] * 2)) == {"sold": 1, "out of stock": 1}
    assert services.audit_stock().clean


@pytest.mark.parametrize("counting", WAYS)
def test_twenty_hot_skus_in_any_order_neither_deadlock_nor_take_a_part(counting: Counting) -> None:
    shelf = [hot(25, counting) for _ in range(20)]
    shuffle = random.Random(7)
    baskets = [dict.fromkeys(shuffle.sample(shelf, 20), 1) for _ in range(64)]

    outcomes = at_once(map(buyer, baskets), threads=64)

    assert Counter(outcomes) == {"sold": 25, "out of stock": 39}
    assert ReservationLine.objects.count() == 25 * 20
    assert services.audit_stock().clean


def test_stock_is_exact_while_the_way_of_counting_changes() -> None:
    mug = hot(60, "plain")

    def switch(counting: Counting) -> Callable[[], str]:
        def to() -> str:
            services.set_counting(sku_id=mug, counting=counting)
            return "switched"

        return to

    jobs = [buyer({mug: 1})] * 80 + [switch(WAYS[n % 3]) for n in range(12)]
    random.Random(3).shuffle(jobs)
    assert Counter(at_once(jobs)) == {"sold": 60, "out of stock": 20, "switched": 12}
    assert standing(mug) == (60, 60, 0, 0)
    assert services.audit_stock().clean


@pytest.mark.parametrize("counting", WAYS)
def test_a_whole_life_on_hot_stock_keeps_the_books(counting: Counting) -> None:  # noqa: C901  # one scene
    mug, tea = hot(40, counting), stocked(40)

    def shopper(seed: int) -> Callable[[], str]:
        def shop() -> str:
            try:
                held = services.reserve_stock(order_of({mug: 1 + seed % 2, tea: 1}))
            except OutOfStock:
                return "out of stock"
            if seed % 4:
                services.confirm_reservation(order_id=held.order_id, now=clock.now())
            return endings[seed % 3](held.order_id)

        return shop

    def cancel(order_id: UUID) -> str:
        services.cancel_reservation(order_id=order_id, reason="no")
        return "cancelled"

    def ship(order_id: UUID) -> str:
        services.confirm_reservation(order_id=order_id, now=clock.now())
        services.ship_stock(order_id=order_id, lines=[StockLine(sku_id=mug, quantity=1)])
        return "shipped"

    endings: tuple[Callable[[UUID], str], ...] = (cancel, ship, lambda _: "kept")

    def other(seed: int) -> Callable[[], str]:
        def work() -> str:
            if seed % 3 == 0:
                services.set_counting(sku_id=mug, counting=WAYS[seed % 2])
            services.receive_stock(sku_id=mug, quantity=1)
            return "received"

        return work

    outcomes = at_once([shopper(n) for n in range(40)] + [other(n) for n in range(6)])

    assert set(outcomes) <= {"cancelled", "kept", "shipped", "received", "out of stock"}
    assert services.audit_stock().clean
    services.set_counting(sku_id=mug, counting="plain")
    level = StockLevel.objects.get(sku_id=mug)
    assert standing(mug)[:3] == (level.on_hand, level.reserved, level.allocated)


def test_a_hot_skus_buyers_do_not_touch_its_level() -> None:
    mug = hot(100)
    before = StockLevel.objects.get(sku_id=mug)
    held = services.reserve_stock(order_of({mug: 2}))
    services.confirm_reservation(order_id=held.order_id, now=clock.now())
    after = StockLevel.objects.get(sku_id=mug)
    assert (after.reserved, after.allocated) == (before.reserved, before.allocated) == (100, 0)
    assert standing(mug) == (100, 0, 2, 98)
    assert services.sku_stock(sku_id=mug).total.allocated == 2


def test_what_can_be_promised_of_hot_skus_is_told_when_it_has_changed() -> None:
    mug = hot(3)
    assert services.announce_hot() == 1
    for _ in range(3):
        services.reserve_stock(order_of({mug: 1}))
    assert services.announce_hot() == 1
    assert services.announce_hot() == 0
    assert len(published("ecommerce.inventory.stock.depleted.v1")) == 1


def test_a_gate_refuses_only_what_the_database_refused_just_now() -> None:
    mug = hot(2, "flash")
    assert buyer({mug: 3})() == "out of stock"
    assert hints.known_empty([mug]) == {mug: 2}
    assert buyer({mug: 3})() == "out of stock"
    assert buyer({mug: 2})() == "sold"
    assert buyer({mug: 1})() == "out of stock"


def test_a_gate_never_hides_units_that_came_back() -> None:
    mug = hot(1, "flash")
    held = services.reserve_stock(order_of({mug: 1}))
    assert buyer({mug: 1})() == "out of stock"
    services.cancel_reservation(order_id=held.order_id, reason="")
    assert hints.known_empty([mug]) == {mug: 0}
    assert buyer({mug: 1})() == "sold"
    assert buyer({mug: 1})() == "out of stock"
    services.receive_stock(sku_id=mug, quantity=1)
    assert buyer({mug: 1})() == "sold"


def test_whom_a_gate_turns_away_waits_for_nobody() -> None:
    mug = hot(1, "flash")
    assert buyer({mug: 2})() == "out of stock"

    def receive() -> None:
        with transaction.atomic():
            services.receive_stock(sku_id=mug, quantity=1)
            locked.set()
            turned_away.wait(10)
        connection.close()

    locked, turned_away = threading.Event(), threading.Event()
    writer = threading.Thread(target=receive)
    writer.start()
    locked.wait(10)
    assert buyer({mug: 2})() == "out of stock"
    assert writer.is_alive()
    turned_away.set()
    writer.join(10)
    assert buyer({mug: 2})() == "sold"


def test_a_sku_that_buyers_queue_for_is_put_on_stripes_and_back() -> None:
    mug, tea = stocked(5), hot(5)
    assert services.follow_contention(now=clock.now()) == 0
    for _ in range(60):
        hints.note_waits([mug])

    assert services.follow_contention(now=clock.now()) == 1
    assert services.stock_policy(sku_id=mug).counting == "striped"
    assert services.follow_contention(now=clock.now()) == 0

    forget_waits()
    assert services.follow_contention(now=clock.now()) == 0
    assert services.follow_contention(now=clock.now() + timedelta(hours=1)) == 1
    ways = [services.stock_policy(sku_id=sku).counting for sku in (mug, tea)]
    assert ways == ["plain", "striped"]


@pytest.mark.parametrize("waits", [0, 60])
def test_what_an_operator_switches_meanwhile_stays_so(waits: int) -> None:
    mug = stocked(5)
    if not waits:
        services.set_counting(sku_id=mug, counting="striped", automatic=True)
    for _ in range(waits):
        hints.note_waits([mug])

    with transaction.atomic():
        services.set_counting(sku_id=mug, counting="flash")
        later = clock.now() + timedelta(hours=1)
        following = kept_waiting(lambda: services.follow_contention(now=later))

    assert following.result(10) == 0
    assert services.stock_policy(sku_id=mug).counting == "flash"


def test_waiting_long_for_a_row_is_noted() -> None:
    mug = stocked(5)
    bought = threading.Event()

    def buy() -> None:
        services.reserve_stock(order_of({mug: 1}))
        bought.set()
        connection.close()

    other = threading.Thread(target=buy)
    with transaction.atomic():
        services.reserve_stock(order_of({mug: 1}))
        other.start()
        assert not bought.wait(0.2)
    other.join(10)
    assert hints.waited_for(1) == [mug]


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    forget_waits()


def forget_waits() -> None:
    valkey = get_redis_connection("default")
    for key in valkey.scan_iter("inventory:*"):
        valkey.delete(key)


def test_hard_holds_of_a_hot_sku_do_not_deadlock() -> None:
    mug = hot(400)

    def take() -> str:
        services.allocate_stock(order_of({mug: 1}), now=clock.now())
        return "taken"

    def move() -> str:
        services.set_counting(sku_id=mug, counting="striped")
        return "spread"

    outcomes = at_once([*([take] * 10), move] * 20, threads=16)

    assert Counter(outcomes) == {"taken": 200, "spread": 20}
    assert standing(mug) == (400, 0, 200, 200)
    assert services.audit_stock().clean
