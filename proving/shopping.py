"""Buyers who come one after another, look, fill a cart and buy; and what each of their requests met."""

import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from proving.buyer import Buyer

UNANSWERED = 0
"""The status of a request whose connection broke."""


@dataclass(frozen=True, slots=True)
class Met:
    """What a request met, and when."""

    status: int
    seconds: float
    moment: float
    retry_after: str = ""

    @property
    def broken(self) -> bool:
        return self.status == UNANSWERED or self.status >= 500


@dataclass(slots=True)
class Crowd:
    """Everything that the buyers met, and what they were told is theirs."""

    met: list[Met] = field(default_factory=list)
    told: list[tuple[str, float]] = field(default_factory=list)
    """The checkout of each purchase that was said to be completed or accepted, and when."""
    left: int = 0
    """Purchases that buyers gave up after many tries."""

    def statuses(self) -> dict[int, int]:
        return dict(Counter(one.status for one in self.met))

    def broken(self, *, after: float = 0.0) -> list[Met]:
        return [one for one in self.met if one.broken and one.moment > after]


def percentiles(met: Sequence[Met]) -> tuple[float, float]:
    """The median and the 95th percentile of their seconds."""
    cuts = statistics.quantiles([one.seconds for one in met], n=20)
    return cuts[9], cuts[18]


@dataclass(slots=True)
class Visitor(Buyer):
    """A buyer who keeps what is met."""

    crowd: Crowd = field(default_factory=Crowd)

    def request(
        self, method: str, path: str, body: Any = None, *, url: str | None = None, **headers: str
    ) -> httpx.Response:
        started = time.monotonic()
        status, retry_after = UNANSWERED, ""
        try:
            answer = Buyer.request(self, method, path, body, url=url, **headers)
            status, retry_after = answer.status_code, answer.headers.get("Retry-After", "")
            return answer
        finally:
            now = time.monotonic()
            self.crowd.met.append(Met(status, now - started, now, retry_after))


@contextmanager
def shopping(
    urls: Sequence[str], goods: dict[str, str], *, buyers: int = 4, patience: float = 30.0
) -> Iterator[Crowd]:
    """A crowd that shops for as long as the block lasts."""
    crowd, over = Crowd(), threading.Event()

    def shop(number: int) -> None:
        while not over.is_set():
            visitor = Visitor(url=urls[number % len(urls)], crowd=crowd)
            try:
                visitor.request("GET", "/storefront/catalog")
                visitor.request("GET", f"/products/{goods['productId']}")
                visitor.start(goods["skuId"])
                visitor.request("GET", f"/checkout/{visitor.checkout_id}")
            except (httpx.HTTPError, AssertionError):
                over.wait(0.1)
            else:
                _buy(visitor, patience)

    threads = [threading.Thread(target=shop, args=(number,)) for number in range(buyers)]
    for thread in threads:
        thread.start()
    try:
        yield crowd
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _buy(visitor: Visitor, patience: float) -> None:
    """Press the button until there is an answer, always with the same key, as a browser would."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            answer = visitor.confirm()
        except httpx.HTTPError:
            time.sleep(0.1)
            continue
        if answer.status_code in (200, 202):
            visitor.crowd.told.append((visitor.checkout_id, time.monotonic()))
            return
        time.sleep(min(1.0, float(answer.headers.get("Retry-After") or 0.1)))
    visitor.crowd.left += 1
