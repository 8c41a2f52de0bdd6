"""The cache and the broker fail while people buy."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx

from proving.buyer import Buyer, all_at_once, at_the_till
from proving.experiment import Report, experiment
from proving.experiments.buyers import SERVERS, moved, without
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
from proving.shopping import UNANSWERED, Crowd, Met, Visitor, percentiles, shopping

FEW_BUYERS, SLOWER = 4, 3.0
FLUSH_SECONDS = 0.5
WINDOWS = 4
"""Each state of the cache is met so often, in turns: what slows the machine slows all of them."""
LAST_UNITS, WANTED_BY = 3, 12
LIMIT, GUESSES = 20, 24
"""``login`` and ``register`` may be asked so often a minute, and are asked more often."""


def _uncached(lab: Lab, report: Report, seconds: int, **guard: str) -> None:
    shop = lab.shop
    shop.start_web(**guard)
    if not guard:
        shop.start_web(RATE_LIMIT_SCALE="1")
    goods = shop.seed("goods", AMPLE)
    met: dict[str, list[Met]] = {"usual": [], "emptied": [], "without": []}
    with shopping(shop.urls[:1], goods, buyers=FEW_BUYERS, patience=5) as crowd:
        time.sleep(1)
        for _ in report.rounds(WINDOWS):
            met["usual"] += _met_within(crowd, seconds / WINDOWS)
            with _meanwhile(lab.empty_cache, FLUSH_SECONDS):
                met["emptied"] += _met_within(crowd, seconds / WINDOWS)
            down(lab)
            met["without"] += _met_within(crowd, seconds / WINDOWS)
            up(lab)
    down(lab)
    report.expect("broken answers", Counter(one.status for one in crowd.broken()), Counter())
    if not report.failures:
        _expect_last_units(shop, report)
        _expect_limits(shop, report)
    up(lab)
    _expect_as_fast(met, report)
    rest = lab.at_rest()
    orders_stand(shop, report, crowd)
    report.expect_clean(rest)


def _expect_as_fast(met: dict[str, list[Met]], report: Report) -> None:
    """The slowest of twenty requests is not three times as slow as where there is a cache."""
    p95 = {name: percentiles(some)[1] for name, some in met.items()}
    report.note(
        requests=len(met["usual"]),
        p95=f"{p95['usual'] * 1000:.0f} ms",
        p95_emptied=f"{p95['emptied'] * 1000:.0f} ms",
        p95_without=f"{p95['without'] * 1000:.0f} ms",
    )
    for name in ("emptied", "without"):
        slower = p95[name] / p95["usual"]
        report.expect_at_most(f"times as slow with the cache {name}", slower, SLOWER)


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
        act()
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
    short=3,
    long=60,
)
def uncached(lab: Lab, report: Report, seconds: int) -> None:
    """The cache is emptied again and again, and then it is gone."""
    _uncached(lab, report, seconds)


CLIENTS, ORDERS_A_SECOND = 32, 100
DELIVERED_SECONDS = 30.0


def _unwoken(lab: Lab, report: Report, seconds: int, urls: list[str]) -> None:
    shop = lab.shop
    goods = shop.seed("goods", AMPLE)
    count = seconds * ORDERS_A_SECOND
    buyers = moved(at_the_till(shop.urls[:SERVERS], goods["skuId"], count=count), urls)
    shop.start_worker()
    wait_until(lambda: shop.one(UNTOLD) == 0, seconds=60, what="a worker at work")
    down(lab)
    started = time.monotonic()
    accepted = sum(status in (200, 202) for status in _confirmed(buyers, ORDERS_A_SECOND))
    rate = len(buyers) / (time.monotonic() - started)
    time.sleep(max(0.0, started + seconds - time.monotonic()))
    waiting = shop.one(_OUTBOX)
    up(lab)
    took = _delivered_after(shop)
    report.note(orders=len(buyers), accepted=accepted, at=f"{rate:.0f} a second")
    report.note(events_that_waited=waiting, delivered=f"after {took:.1f} s")
    report.expect("purchases that were accepted", accepted, len(buyers))
    report.expect_at_most("seconds until all events were delivered", took, DELIVERED_SECONDS)
    report.expect("effects out of order", shop.rows(OUT_OF_ORDER), [])
    given, events = shop.rows(GIVEN)[0]
    report.expect("doubled effects", given - events, 0)
    shop.kill_worker()
    report.expect_clean(lab.at_rest())
    sold = shop.one("SELECT count(*) FROM orders_order WHERE status = 'PAID'")
    report.expect("orders paid", sold, accepted)


_OUTBOX = "SELECT count(*) FROM outbox"


def _confirmed(buyers: Sequence[Buyer], rate: int) -> list[int]:
    """Everybody buys, so many a second if the shop can do it, whether those before have been answered or not."""
    started = time.monotonic()

    def press(turn: int, buyer: Buyer) -> int:
        time.sleep(max(0.0, started + turn / rate - time.monotonic()))
        try:
            return buyer.confirm().status_code
        except httpx.HTTPError:
            return UNANSWERED

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(press, range(len(buyers)), buyers))


def _delivered_after(shop: LiveShop) -> float:
    """How long it takes until every event was sequenced and the tally was given all of its own."""
    returned = time.monotonic()
    whole = comes_about(
        lambda: shop.one(_OUTBOX) == 0 and shop.one(UNTOLD) == 0, seconds=3 * DELIVERED_SECONDS
    )
    return time.monotonic() - returned if whole else float("inf")


def _unwoken_unguarded(lab: Lab, report: Report, seconds: int) -> None:
    with_tally(lab).start_web(SERVERS)
    _unwoken(lab, report, seconds, without(lab, "outbox"))


@experiment(
    9,
    "every order is accepted, its events are delivered in order within 30 s of the broker's return",
    control=_unwoken_unguarded,
    guard="the outbox between the sale and the broker",
    short=1,
    long=60,
)
def unwoken(lab: Lab, report: Report, seconds: int) -> None:
    """The broker is gone while people buy, a hundred a second if the machine can."""
    shop = with_tally(lab)
    shop.start_web(SERVERS)
    _unwoken(lab, report, seconds, shop.urls)
