"""The cache and the broker fail while people buy."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from proving.buyer import all_at_once, at_the_till
from proving.experiment import Report, experiment
from proving.experiments.consumers import (
    GIVEN,
    OUT_OF_ORDER,
    UNTOLD,
    comes_about,
    with_tally,
)
from proving.experiments.databases import AMPLE, orders_stand, unguarded
from proving.lab import Lab
from proving.shop import LiveShop, wait_until
from proving.shopping import Crowd, Met, Visitor, percentiles, shopping

FEW_BUYERS, SLOWER = 4, 3.0
FLUSH_SECONDS = 0.5
LAST_UNITS, WANTED_BY = 3, 12
LIMIT, GUESSES = 20, 24
"""``login`` and ``register`` may be asked so often a minute, and are asked more often."""


def _uncached(lab: Lab, report: Report, seconds: int, **guard: str) -> None:
    shop = lab.shop
    shop.start_web(**guard)
    if not guard:
        shop.start_web(RATE_LIMIT_SCALE="1")
    goods = shop.seed("goods", AMPLE)
    with shopping(shop.urls[:1], goods, buyers=FEW_BUYERS, patience=5) as crowd:
        time.sleep(1)
        usual = _met_within(crowd, seconds)
        with _meanwhile(lab.empty_cache, FLUSH_SECONDS):
            flushed = _met_within(crowd, seconds)
        down(lab)
        without = _met_within(crowd, seconds)
    report.expect("broken answers", Counter(one.status for one in crowd.broken()), Counter())
    if not report.failures:
        _expect_last_units(shop, report)
        _expect_limits(shop, report)
    up(lab)
    slower = min(
        by / than for by, than in zip(percentiles(without), percentiles(usual), strict=True)
    )
    for name, met in (("usual", usual), ("flushed", flushed), ("without cache", without)):
        median, p95 = percentiles(met)
        report.note(**{name: f"{len(met)} requests, median {median:.3f} s, p95 {p95:.3f} s"})
    report.expect_at_most("times as slow as usual", slower, SLOWER)
    rest = lab.at_rest()
    orders_stand(shop, report, crowd)
    report.expect_clean(rest)


def _met_within(crowd: Crowd, seconds: float) -> list[Met]:
    before = len(crowd.met)
    time.sleep(seconds)
    return crowd.met[before:]


def down(lab: Lab) -> None:
    """The cache, which is the broker too, is gone for the shop."""
    lab.cache.refusing = True
    lab.cache.cut()


def up(lab: Lab) -> None:
    """It is there again."""
    lab.cache.refusing = False


def _expect_last_units(shop: LiveShop, report: Report) -> None:
    """Many want the last units at once."""
    last = shop.seed("goods", str(LAST_UNITS))
    buyers = at_the_till(shop.urls[:1], last["skuId"], count=WANTED_BY)
    sold = Counter(answer.status_code for answer in all_at_once(buyers))
    report.expect("the last units", sold, Counter({200: LAST_UNITS, 409: WANTED_BY - LAST_UNITS}))


def _expect_limits(shop: LiveShop, report: Report) -> None:
    """Without the cache guesses are counted still, and other limits let everybody through."""
    visitor = Visitor(url=shop.urls[1])
    guess = [{"email": f"{one}@shop.example", "password": "x"} for one in range(GUESSES)]
    guesses = Counter(visitor.request("POST", "/auth/login", one).status_code for one in guess)
    others = Counter(visitor.request("POST", "/auth/register", {}).status_code for _ in guess)
    report.note(guesses_refused=guesses[429], others_refused=others[429])
    report.expect("guesses", guesses, Counter({401: LIMIT, 429: GUESSES - LIMIT}))
    report.expect("requests under another limit", others, Counter({422: GUESSES}))


@contextmanager
def _meanwhile(act: Callable[[], object], every: float) -> Iterator[None]:
    over = threading.Event()

    def act_again() -> None:
        while not over.wait(every):
            act()

    thread = threading.Thread(target=act_again)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _uncached_unguarded(lab: Lab, report: Report, seconds: int) -> None:
    _uncached(lab, report, seconds, **unguarded("cache"))


@experiment(
    8,
    "no 5xx, nothing oversold, not three times as slow; guesses are counted still",
    control=_uncached_unguarded,
    guard="doing without the cache",
    short=2,
    long=60,
)
def uncached(lab: Lab, report: Report, seconds: int) -> None:
    """The cache is emptied again and again, and then it is gone."""
    _uncached(lab, report, seconds)


DELIVERED_SECONDS = 30.0


def _unwoken(lab: Lab, report: Report, seconds: int, **guard: str) -> None:
    shop = with_tally(lab)
    shop.start_web(**guard)
    shop.start_worker()
    goods = shop.seed("goods", AMPLE)
    wait_until(lambda: shop.one(UNTOLD) == 0, seconds=30, what="a worker at work")
    down(lab)
    with shopping(shop.urls, goods, buyers=FEW_BUYERS, patience=2) as crowd:
        time.sleep(seconds)
    waiting = shop.one(UNTOLD)
    up(lab)
    returned = time.monotonic()
    delivered = comes_about(lambda: shop.one(UNTOLD) == 0, seconds=2 * DELIVERED_SECONDS)
    took = time.monotonic() - returned
    report.note(orders=len(crowd.told), events_that_waited=waiting, delivered=f"after {took:.1f} s")
    report.expect("purchases that were not accepted", len(crowd.broken()) + crowd.left, 0)
    report.expect("all events delivered", delivered, True)
    report.expect_at_most("seconds until they were", took, DELIVERED_SECONDS)
    report.expect("effects out of order", shop.rows(OUT_OF_ORDER), [])
    given, events = shop.rows(GIVEN)[0]
    report.expect("doubled effects", given - events, 0)
    rest = lab.at_rest()
    orders_stand(shop, report, crowd)
    report.expect_clean(rest)


def _unwoken_unguarded(lab: Lab, report: Report, seconds: int) -> None:
    _unwoken(lab, report, seconds, **unguarded("outbox"))


@experiment(
    9,
    "every order is accepted, its events are delivered in order within 30 s of the broker's return",
    control=_unwoken_unguarded,
    guard="the outbox between the sale and the broker",
    short=4,
    long=60,
)
def unwoken(lab: Lab, report: Report, seconds: int) -> None:
    """The broker is gone while people buy."""
    _unwoken(lab, report, seconds)
