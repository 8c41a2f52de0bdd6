"""A process that lets a few in by itself neither loses count nor lets in more than it may."""

from typing import Any

import pytest
from django_redis import get_redis_connection
from hypothesis import given
from hypothesis import strategies as st
from limits import parse

from ecommerce.http import allowance, counting, throttling
from ecommerce.http.allowance import SHARE, Allowance
from ecommerce.http.throttling import Standing
from ecommerce.ids import new_id
from ecommerce.testing_threads import at_once


@pytest.fixture(autouse=True)
def limits(settings: Any) -> None:
    settings.RATE_LIMITS = {"browse": "500/minute", "checkout": "120/minute"}
    settings.RATE_LIMIT_SCALE = 1.0
    throttling._circuit._retry_at = 0.0


def questions() -> int:
    """How often Valkey was asked so far."""
    told = get_redis_connection("default").info("commandstats")
    return sum(told.get(f"cmdstat_{name}", {"calls": 0})["calls"] for name in ("eval", "evalsha"))


def hits(scope: str, times: int) -> list[Standing]:
    limit, key = throttling.limit_of(scope), str(new_id())
    assert limit is not None
    found = [throttling.count(scope, limit, key) for _ in range(times)]
    return [standing for standing in found if standing is not None]


def test_a_generous_limit_is_asked_for_once_in_a_while() -> None:
    before = questions()
    remaining = [standing.remaining for standing in hits("browse", 50)]

    assert remaining == list(range(499, 449, -1)), "each is told as if it had been asked for"
    assert questions() - before <= 2 + 50 // (500 // SHARE)


def test_a_tight_limit_is_asked_for_each_time() -> None:
    before = questions()
    hits("checkout", 20)

    assert questions() - before >= 20


def test_what_can_be_guessed_is_asked_for_each_time_however_generous(settings: Any) -> None:
    settings.RATE_LIMITS_GUARDED = ("browse",)
    before = questions()
    hits("browse", 20)

    assert questions() - before >= 20


def test_what_could_not_be_told_is_told_later(settings: Any) -> None:
    limit, key = throttling.limit_of("browse"), str(new_id())
    assert limit is not None
    for _ in range(5):
        throttling.count("browse", limit, key)
    working, settings.REDIS_URL = settings.REDIS_URL, "redis://127.0.0.1:1/0"
    throttling._circuit._retry_at = 0.0
    assert throttling.count("browse", limit, key) is None
    settings.REDIS_URL = working
    throttling._circuit._retry_at = 0.0

    standing = throttling.count("browse", limit, key)
    assert standing is not None
    assert standing.remaining == 500 - 6


def test_what_was_heard_long_ago_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "FRESH_SECONDS", 0.0)
    before = questions()
    hits("browse", 10)

    assert questions() - before >= 10


@given(turns=st.lists(st.integers(0, 2), min_size=1, max_size=400))
def test_whoever_is_asked_no_more_than_a_hundredth_each_is_let_in(turns: list[int]) -> None:
    """Three processes, hit in any order within one window; nobody is refused while there is quota."""
    limit, key = parse("200/day"), str(new_id())
    processes = [Allowance() for _ in range(3)]
    let_in = 0
    for turn in turns:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(throttling, "_allowance", processes[turn])
            standing = throttling.count("browse", limit, key)
        assert standing is not None
        assert standing.allowed or let_in >= limit.amount
        let_in += standing.allowed

    assert let_in <= limit.amount + len(processes) * (limit.amount // SHARE)


def test_hits_of_many_threads_are_all_counted(settings: Any) -> None:
    settings.RATE_LIMITS = {"browse": "10000/day"}
    limit, key = throttling.limit_of("browse"), str(new_id())
    assert limit is not None
    at_once([lambda: throttling.count("browse", limit, key)] * 600)

    name = limit.key_for("browse", key)
    told = counting.look(
        settings.REDIS_URL, f"rate:{name}", limit=limit.amount, window=limit.get_expiry()
    ).used
    assert told + throttling._allowance.untold(name) == 600
    assert told < 600
