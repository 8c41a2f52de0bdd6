"""A payment gateway that is slow, or charges and is not heard."""

import itertools
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

import httpx

from proving.buyer import Buyer, at_the_till
from proving.experiment import Report, experiment
from proving.experiments.buyers import moved, without
from proving.lab import Lab
from proving.shop import LiveShop, wait_until

BUYERS_A_SECOND, LOOKS_A_SECOND = 2, 40
LATENCY_SECONDS = 30
PATIENCE_SECONDS, ASKING_SECONDS = 6, 2
"""How long a buyer may wait; and from how long on one was not told at once that it is pending."""
FAILURES, MEANWHILE, PAUSE_SECONDS = 5, 2, 10
"""So many failures open the breaker, so many may wait already when it opens, and then one tries in so many seconds."""
LONG_SECONDS, BROWSING_SLOWER = 60, 1.2
FEW_SLOWER, NOISE_SECONDS = 1.5, 0.025
"""By so much pages may be slower where few were looked at."""
WINDOW_SECONDS = 30
_HELD = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
      AND xact_start < now() - interval '1 second'"""


@dataclass(slots=True)
class Seen:
    """What shoppers met: answers and waits of those who bought, waits of those who looked."""

    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    held: int = 0
    """The most transactions that were ever open for a second."""

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.looks, n=20)[-1]


def _shopping(shop: LiveShop, page: str, buyers: list[Buyer], seen: Seen) -> None:
    """Buyers come one after the other, whether those before are done or not; others look meanwhile."""
    with (
        ThreadPoolExecutor(len(buyers)) as pool,
        _meanwhile(lambda: _look(page, seen), 1 / LOOKS_A_SECOND),
        _meanwhile(lambda: _watch(shop, seen), 0.25),
    ):
        pressed: list[Future[tuple[int, float]]] = []
        for buyer in buyers:
            pressed.append(pool.submit(_press, buyer))
            time.sleep(1 / BUYERS_A_SECOND)
        for future in pressed:
            status, waited = future.result()
            seen.statuses[status] += 1
            seen.waits.append(waited)


def _press(buyer: Buyer) -> tuple[int, float]:
    started = time.monotonic()
    return buyer.confirm().status_code, time.monotonic() - started


def _look(page: str, seen: Seen) -> None:
    started = time.monotonic()
    httpx.get(page, timeout=60, trust_env=False).raise_for_status()
    seen.looks.append(time.monotonic() - started)


def _watch(shop: LiveShop, seen: Seen) -> None:
    seen.held = max(seen.held, shop.one(_HELD))


@contextmanager
def _meanwhile(act: Callable[[], object], pause: float) -> Iterator[None]:
    """Do it over and over in another thread while the block runs."""
    enough = Event()

    def repeat() -> None:
        while not enough.wait(pause):
            act()

    thread = Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def _slow(lab: Lab, report: Report, seconds: int, url: str) -> None:
    goods = lab.shop.seed("goods", "100000")
    lab.shop.settle()
    windows = max(1, seconds // WINDOW_SECONDS)
    each = seconds // windows
    count = 2 * each * windows * BUYERS_A_SECOND + windows
    tills = iter(moved(at_the_till(lab.shop.urls, goods["skuId"], count=count), [url]))
    page = f"{url}/api/v1/storefront/products/{goods['productId']}"
    normal, seen, dripped = Seen(), Seen(), 0.0
    for window in report.rounds(windows):
        if window:
            _let_close(lab, url)
        _shopping(lab.shop, page, _next(tills, each), normal)
        lab.shop.sandbox.order("trickle", path="authorizations")
        dripped = max(dripped, _press(next(tills))[1])
        lab.gateway.delay_seconds = LATENCY_SECONDS
        _shopping(lab.shop, page, _next(tills, each), seen)
        lab.gateway.delay_seconds = 0
        lab.gateway.cut()
    _judge(report, normal, seen, windows * (FAILURES + MEANWHILE) + seconds // PAUSE_SECONDS)
    report.expect_at_most("the wait for an answer that drips", dripped, PATIENCE_SECONDS)
    few = FEW_SLOWER * normal.p95 + NOISE_SECONDS
    limit = BROWSING_SLOWER * normal.p95 if seconds >= LONG_SECONDS else few
    report.expect_at_most("p95 of the product page", seen.p95, limit)
    report.expect_clean(lab.at_rest())


def _next(tills: Iterator[Buyer], seconds: int) -> list[Buyer]:
    return list(itertools.islice(tills, seconds * BUYERS_A_SECOND))


def _let_close(lab: Lab, url: str) -> None:
    """The gateway answers again: the breaker lets one try, and closes."""
    time.sleep(PAUSE_SECONDS + 1)
    lab.shop.settle()
    goods = lab.shop.seed("goods", "1")
    (one,) = moved(at_the_till(lab.shop.urls, goods["skuId"], count=1), [url])
    assert one.confirm().status_code == 200


def _judge(report: Report, normal: Seen, seen: Seen, may_wait: int) -> None:
    asked = sum(waited > ASKING_SECONDS for waited in seen.waits)
    report.note(
        longest_wait=f"{max(seen.waits):.1f} s",
        asked_of_the_gateway=f"{asked} of {len(seen.waits)}",
        browse_p95=f"{seen.p95 * 1000:.0f} ms",
        browse_p95_normal=f"{normal.p95 * 1000:.0f} ms",
    )
    report.expect("answers before", set(normal.statuses), {200})
    report.expect("answers while it is slow", set(seen.statuses), {202})
    report.expect_at_most("the longest wait", max(seen.waits), PATIENCE_SECONDS)
    report.expect_at_most("buyers who waited", asked, may_wait)
    report.expect("transactions open while the gateway is asked", seen.held, 0)


def _slow_unguarded(lab: Lab, report: Report, seconds: int) -> None:
    lab.shop.start_web()
    (url, *_) = without(lab, "breaker")
    _slow(lab, report, seconds, url)


@experiment(
    10,
    "202 within 6 s, the breaker opens after five failures, pages as fast as ever, no transaction open",
    control=_slow_unguarded,
    guard="the breaker and the look at who waits in vain",
    short=8,
    long=120,
)
def slow(lab: Lab, report: Report, seconds: int) -> None:
    """The gateway takes 30 seconds for everything."""
    lab.shop.start_web()
    _slow(lab, report, seconds, lab.shop.urls[0])


LOST = ("tok_lost_answer", "tok_capture_lost_answer", "tok_visa")
"""Not heard: the authorization, the capture, and whatever a cut of the wire hits."""
RECOVERY_SECONDS = 60
_UNSETTLED = """
    SELECT (SELECT count(*) FROM checkout_saga WHERE state IN ('RUNNING', 'COMPENSATING'))
         + (SELECT count(*) FROM payments_attempt WHERE status IN ('started', 'unknown'))
         + (SELECT count(*) FROM payments_reversal WHERE state = 'pending')"""


def _unheard(
    lab: Lab,
    report: Report,
    cases: int,
    urls: list[str],
    cards: Sequence[str] = LOST,
    ordered: int = 0,
    **worker: str,
) -> None:
    # The gateway's webhooks would tell what became of a payment: here the shop has to ask for itself.
    lab.shop.sandbox.call_back("", tracking_seconds=0)
    each = -(-cases // len(cards))
    goods = lab.shop.seed("goods", str(each * len(cards)))
    by_card = [at_the_till(lab.shop.urls, goods["skuId"], count=each, card=card) for card in cards]
    buyers = moved([buyer for of_each in zip(*by_card, strict=True) for buyer in of_each], urls)
    lab.gateway.delay_seconds = 0.03
    lab.shop.sandbox.order("lost_answer", times=ordered, path="authorizations")
    with ThreadPoolExecutor(len(LOST)) as pool, _meanwhile(lab.gateway.cut, 0.2):
        list(pool.map(Buyer.confirm, buyers))
    lab.gateway.delay_seconds = 0
    lab.shop.sandbox.order("", times=0)
    lost = lab.shop.one("SELECT count(*) FROM payments_attempt WHERE status = 'unknown'")
    lab.shop.start_worker(**worker)
    started = time.monotonic()
    wait_until(lambda: lab.shop.one(_UNSETTLED) == 0, seconds=120, what="the last settlement")
    settled_in = time.monotonic() - started
    lab.shop.stop_worker()
    paid = lab.shop.one("SELECT count(*) FROM orders_order WHERE status = 'PAID'")
    report.note(cases=len(buyers), lost=lost, paid=paid, settled_in=f"{settled_in:.0f} s")
    report.expect("orders paid", paid, len(buyers))
    report.expect("two thirds of them were not heard", 3 * lost >= 2 * len(buyers), True)
    report.expect("orders that the gateway charged twice", _charged_twice(lab.shop), [])
    report.expect_at_most("seconds until all was settled", settled_in, RECOVERY_SECONDS)
    report.expect_clean(lab.at_rest())


def _charged_twice(shop: LiveShop) -> list[str]:
    """Orders with two authorizations, or of which more was taken than they cost, by the gateway's books."""
    held: Counter[str] = Counter()
    over = []
    for charge in shop.sandbox.get("/gateway/v1/charges")["charges"]:
        held[charge["merchantReference"]] += charge["authorized"] > 0
        if charge["captured"] > charge["amount"]:
            over.append(charge["merchantReference"])
    return [*over, *(order for order, times in held.items() if times > 1)]


def _unheard_unguarded(lab: Lab, report: Report, cases: int) -> None:
    lab.shop.start_web()
    urls = without(lab, "breaker,asking after")
    unguarded = {
        "DJANGO_SETTINGS_MODULE": "proving.unguarded",
        "SHOP_WITHOUT": "asking after",
    }
    _unheard(lab, report, cases, urls, ("tok_visa",), cases, **unguarded)


@experiment(
    11,
    "none charged twice, all settled within 60 s by asking what became of them",
    control=_unheard_unguarded,
    guard="asking after an attempt by its id",
    short=24,
    long=300,
)
def unheard(lab: Lab, report: Report, cases: int) -> None:
    """The gateway charges, and the wire is cut before it is heard."""
    lab.shop.start_web()
    # Their breaker would keep most of the buyers from being charged at all.
    _unheard(lab, report, cases, without(lab, "breaker"))
