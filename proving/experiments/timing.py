"""Hands that reach for the same thing in the same instant: rows, a coupon's last use, an overdue hold."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread

from proving.buyer import Buyer, all_at_once, at_the_till
from proving.experiment import Report, experiment
from proving.experiments.buyers import BUYERS, SERVERS, moved, without
from proving.lab import Lab
from proving.shop import LiveShop

AMPLE, SCARCE = "1000", "20"
RACED_UNITS = 8
RIVALS_COME_SECONDS = 0.15
_DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
_PARTIAL = """
    SELECT r.id, count(DISTINCT n.sku_id) FROM inventory_reservation r
    LEFT JOIN inventory_reservationline n ON n.reservation_id = r.id
    GROUP BY r.id HAVING count(DISTINCT n.sku_id) <> 3"""


def _baskets(lab: Lab, report: Report, rounds: int, urls: list[str]) -> None:
    codes: Counter[int] = Counter()
    for _ in report.rounds(rounds):
        answers = all_at_once(moved(_with_baskets(lab.shop), urls))
        codes += Counter(answer.status_code for answer in answers)
    rest = lab.at_rest()
    report.note(baskets=codes.total(), bought=codes[200] + codes[202], refused=codes[409])
    report.expect("answers besides 200, 202 and 409", set(codes) - {200, 202, 409}, set())
    report.expect("deadlocks", lab.shop.one(_DEADLOCKS), 0)
    report.expect("partial reservations", lab.shop.rows(_PARTIAL), [])
    report.expect_clean(rest)


def _with_baskets(shop: LiveShop) -> list[Buyer]:
    """Buyers at the till with three of six SKUs each, in any order; two of the six are scarce."""
    skus = [shop.seed("goods", units)["skuId"] for units in (*[AMPLE] * 4, *[SCARCE] * 2)]
    baskets = [random.sample(skus, 3) for _ in range(BUYERS)]
    buyers = [
        Buyer(url=shop.urls[number % len(shop.urls)], also=tuple(rest))
        for number, (_, *rest) in enumerate(baskets)
    ]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda buyer, basket: buyer.start(basket[0]), buyers, baskets))
    return buyers


def _baskets_unguarded(lab: Lab, report: Report, rounds: int) -> None:
    lab.shop.start_web(SERVERS)
    _baskets(lab, report, rounds, without(lab, "lock order"))


@experiment(
    4,
    "no deadlock, and none of a basket or all of it is held",
    control=_baskets_unguarded,
    guard="the one order of locks",
    short=1,
    long=50,
)
def baskets(lab: Lab, report: Report, rounds: int) -> None:
    """64 buyers of three SKUs each, in random order."""
    lab.shop.start_web(SERVERS)
    _baskets(lab, report, rounds, lab.shop.urls)


def _raced(lab: Lab, report: Report, units: int, urls: list[str]) -> None:
    rounds = -(-units // RACED_UNITS)
    swept = 0
    lab.gateway.delay_seconds = 0.05
    for _ in report.rounds(rounds):
        goods = lab.shop.seed("goods", str(RACED_UNITS))
        buyers = at_the_till(lab.shop.urls, goods["skuId"], count=2 * RACED_UNITS)
        first, rivals = (moved(some, urls) for some in (buyers[::2], buyers[1::2]))
        with _sweeping(lab.shop) as sweeper, ThreadPoolExecutor(1) as pool:
            paying = pool.submit(all_at_once, first)
            time.sleep(RIVALS_COME_SECONDS)
            all_at_once(rivals)
            paying.result()
        swept += sum(sweeper)
    lab.gateway.delay_seconds = 0.0
    rest = lab.at_rest()
    sold, left = lab.shop.rows(_SOLD_AND_LEFT)[0]
    report.note(units=rounds * RACED_UNITS, sold=sold, left=left, holds_swept=swept)
    report.expect("units sold and left", sold + left, rounds * RACED_UNITS)
    report.expect("neither sold nor released, or both", lab.shop.rows(_NEITHER_NOR), [])
    report.expect("the sweeper and the payments both won some", min(sold, swept) > 0, True)
    report.expect_clean(rest)


_SOLD_AND_LEFT = """
    SELECT (SELECT count(*) FROM orders_order WHERE status = 'PAID'),
           (SELECT sum(on_hand - reserved - allocated)::int FROM inventory_stocklevel)"""
_NEITHER_NOR = """
    SELECT o.id, o.status, r.status, p.captured - p.refunded FROM orders_order o
    LEFT JOIN inventory_reservation r ON r.order_id = o.id
    LEFT JOIN payments_payment p ON p.order_id = o.id
    WHERE (o.status, r.status = 'CONFIRMED', p.captured - p.refunded = o.total_minor)
            IS DISTINCT FROM ('PAID', true, true)
      AND (o.status, r.status IN ('EXPIRED', 'CANCELLED'), p.captured - p.refunded = 0)
            IS DISTINCT FROM ('CANCELED', true, true)"""


@contextmanager
def _sweeping(shop: LiveShop) -> Iterator[list[int]]:
    """Meanwhile holds run out at random, and the sweeper runs over and over; what each run gave back."""
    given_back: list[int] = []
    enough = Event()

    def sweep() -> None:
        while not enough.is_set():
            shop.execute(
                "UPDATE inventory_reservation SET expires_at = now()"
                " WHERE status = 'RESERVED' AND random() < 0.2"
            )
            given_back.append(shop.seed("swept"))

    sweeper = Thread(target=sweep)
    sweeper.start()
    try:
        yield given_back
    finally:
        enough.set()
        sweeper.join()


def _raced_unguarded(lab: Lab, report: Report, units: int) -> None:
    lab.shop.start_web(SERVERS)
    level = "inventory_stocklevel.inventory_level_"
    urls = without(lab, "allocation", f"{level}reserved_not_negative", f"{level}promises_covered")
    _raced(lab, report, units, urls)


@experiment(
    16,
    "each unit is sold or released, and none is paid for and released",
    control=_raced_unguarded,
    guard="the look at whether the hold still stands",
    short=40,
    long=500,
)
def raced(lab: Lab, report: Report, units: int) -> None:
    """The sweeper takes back holds while their buyers pay."""
    lab.shop.start_web(SERVERS)
    _raced(lab, report, units, lab.shop.urls)


def _one_use(lab: Lab, report: Report, rounds: int, urls: list[str]) -> None:
    refused: Counter[str] = Counter()
    codes: Counter[int] = Counter()
    for _ in report.rounds(rounds):
        goods, code = lab.shop.seed("goods", AMPLE), lab.shop.seed("coupon", "1")
        buyers = [
            Buyer(url=lab.shop.urls[number % SERVERS], coupons=(code,)) for number in range(BUYERS)
        ]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda buyer, sku=goods["skuId"]: buyer.start(sku), buyers))
        answers = all_at_once(moved(buyers, urls))
        codes += Counter(answer.status_code for answer in answers)
        refused += Counter(a.json()["code"] for a in answers if a.status_code == 409)
    rest = lab.at_rest()
    uses = lab.shop.rows("SELECT held, redeemed, count(*) FROM pricing_coupon GROUP BY 1, 2")
    discounted = lab.shop.one(
        "SELECT count(*) FROM orders_order WHERE status = 'PAID' AND discount_minor > 0"
    )
    report.note(rounds=rounds, redeemed=discounted, refused=refused.total())
    report.expect("answers besides 200, 202 and 409", set(codes) - {200, 202, 409}, set())
    report.expect("refusals", refused, {"pricing/coupon-refused": (BUYERS - 1) * rounds})
    report.expect("held and redeemed of each coupon", uses, [(0, 1, rounds)])
    report.expect("orders with the discount", discounted, rounds)
    report.expect_clean(rest)


def _one_use_unguarded(lab: Lab, report: Report, rounds: int) -> None:
    lab.shop.start_web(SERVERS)
    _one_use(lab, report, rounds, without(lab, "coupon", "pricing_coupon.pricing_coupon_limit"))


@experiment(
    26,
    "exactly one redemption a round, 63 clean 409s",
    control=_one_use_unguarded,
    guard="the limit in the coupon's counter",
    short=1,
    long=50,
)
def one_use(lab: Lab, report: Report, rounds: int) -> None:
    """A coupon for one use, in the hands of 64 buyers at once."""
    lab.shop.start_web(SERVERS)
    _one_use(lab, report, rounds, lab.shop.urls)
