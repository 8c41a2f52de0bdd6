"""A new release comes while people buy."""

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import psycopg

from proving.buyer import Buyer
from proving.experiment import Report, experiment
from proving.lab import Lab
from proving.proxy import Proxy, address_of

SERVERS, BUYERS = 3, 4
LOCK_TIMEOUT_SECONDS = 2.0
FAREWELL_SECONDS = 0.5
"""Between the balancer's last connection to a server and its end: what was let in has arrived by then."""
_BOUGHT = "bought"
# What a careful release does to a busy table: it waits for its lock no longer than buyers may.
_CHANGE = (
    "ALTER TABLE orders_order ADD COLUMN release_note text",
    "ALTER TABLE orders_order DROP COLUMN release_note",
)


@contextmanager
def _buying(url: str, sku: str) -> Iterator[Counter[str]]:
    """Buyers who buy one after another; the counter fills with what became of it."""
    outcomes: Counter[str] = Counter()
    over = threading.Event()

    def buy() -> None:
        while not over.is_set():
            try:
                buyer = Buyer(url=url)
                buyer.start(sku)
                answer = buyer.confirm()
                outcomes[_BOUGHT if answer.status_code in (200, 202) else answer.text] += 1
            except (httpx.HTTPError, AssertionError) as error:
                outcomes[f"{type(error).__name__}: {error}"] += 1

    threads = [threading.Thread(target=buy) for _ in range(BUYERS)]
    for thread in threads:
        thread.start()
    try:
        yield outcomes
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _migrate(lab: Lab) -> float:
    """Change a table that everybody writes to, as often as it takes; the longest wait for its lock."""
    longest = 0.0
    with psycopg.connect(lab.postgres.url, autocommit=True) as connection:
        connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_SECONDS:.0f}s'")
        for change in _CHANGE:
            done = False
            while not done:
                started = time.monotonic()
                with contextlib.suppress(psycopg.errors.LockNotAvailable):
                    connection.execute(change.encode())
                    done = True
                longest = max(longest, time.monotonic() - started)
    return longest


def _deploy(lab: Lab, report: Report, times: int, restart: Callable[[Proxy, int], None]) -> None:
    lab.shop.start_web(SERVERS)
    goods = lab.shop.seed("goods", "100000")
    balancer = Proxy(*map(address_of, lab.shop.urls))
    longest = 0.0
    with _buying(f"http://127.0.0.1:{balancer.port}", goods["skuId"]) as outcomes:
        for _ in report.rounds(times):
            longest = max(longest, _migrate(lab))
            for number in range(SERVERS):
                restart(balancer, number)
    balancer.close()
    bought = outcomes.pop(_BOUGHT)
    report.note(
        deploys=times, bought=bought, failed=outcomes.total(), longest_lock=f"{longest:.2f} s"
    )
    report.expect("failed purchases", dict(outcomes), {})
    report.expect_at_most("seconds of waiting for a lock", longest, LOCK_TIMEOUT_SECONDS + 0.5)
    report.expect_clean(lab.at_rest())


def _all_at_once(lab: Lab, report: Report, times: int) -> None:
    def restart(balancer: Proxy, number: int) -> None:
        lab.shop.kill_web(number)
        lab.shop.restart_web(number)

    _deploy(lab, report, times, restart)


@experiment(
    31,
    "no failed request; no wait for a lock over 2 s",
    control=_all_at_once,
    guard="draining: servers are killed while they are in use",
    short=1,
    long=10,
)
def rolling_release(lab: Lab, report: Report, times: int) -> None:
    """A rolling restart and a migration while people buy."""

    def restart(balancer: Proxy, number: int) -> None:
        address = address_of(lab.shop.urls[number])
        balancer.targets = [target for target in balancer.targets if target != address]
        time.sleep(FAREWELL_SECONDS)
        went = lab.shop.restart_web(number)
        report.expect("a server that finished its requests and went", went, True)
        balancer.targets = [*balancer.targets, address]

    _deploy(lab, report, times, restart)
