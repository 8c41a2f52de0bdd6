"""Many callers at the same moment, each with a database connection of its own."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from typing import Any

from django.db import connections

from ecommerce.errors import ShopError

THREADS = 16
"""So many run at once where a test does not say; the others follow as threads come free."""
_KEPT_SECONDS = 0.3
_MEET_SECONDS = 10.0


def at_once(jobs: Iterable[Callable[[], Any]], *, threads: int = THREADS) -> list[Any]:
    """What each job returned, or how the shop refused it; in their order.

    As many as there are threads are let go together. Any other error is raised, and every connection is
    closed: one left open would keep the test database from being copied and dropped.
    """
    waiting = list(jobs)
    together = Barrier(min(threads, len(waiting)))

    def run(place: int, job: Callable[[], Any]) -> Any:
        if place < together.parties:
            together.wait(_MEET_SECONDS)
        try:
            return job()
        except ShopError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(together.parties) as pool:
        return list(pool.map(run, range(len(waiting)), waiting))


def kept_waiting(job: Callable[[], Any]) -> "Future[Any]":
    """Start a job that runs into a lock of the caller's; its outcome comes once the caller gives that back."""

    def run() -> Any:
        try:
            return job()
        finally:
            connections.close_all()

    pool = ThreadPoolExecutor(1)
    outcome = pool.submit(run)
    pool.shutdown(wait=False)
    with suppress(TimeoutError):
        outcome.result(_KEPT_SECONDS)
        raise AssertionError("nothing kept it waiting")
    return outcome
