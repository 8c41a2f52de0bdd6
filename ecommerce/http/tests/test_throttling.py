"""Limits that are told, held, and that fail as documented."""

import time
from typing import Any

import pytest

from ecommerce.http import throttling
from ecommerce.identity import Viewer
from ecommerce.ids import new_id
from ecommerce.testing import JsonClient

pytestmark = [pytest.mark.urls("ecommerce.http.tests.doors")]
OUTAGE = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def limits(settings: Any) -> Any:
    settings.RATE_LIMITS = {"default": "5/minute", "login": "3/minute"}
    settings.RATE_LIMIT_SCALE = 1.0
    throttling._circuit._retry_at = 0.0
    throttling._memory.cache_clear()
    yield settings
    throttling._circuit._retry_at = 0.0


def ask(path: str = "/api/v1/limited", viewer: Viewer | None = None, **extra: Any) -> Any:
    client = JsonClient()
    if viewer is not None:
        client.force_authenticate(user=viewer)
    return client.get(path, **extra)


def test_every_answer_tells_the_limit_and_what_is_left() -> None:
    answer = ask()

    assert answer["RateLimit-Policy"] == '"login";q=3;w=60'
    quota, left = answer["RateLimit"].split(";t=")
    assert quota == '"login";r=2'
    assert 1 <= int(left) <= 60


def test_who_asks_too_often_is_told_when_to_come_back() -> None:
    remaining = [ask()["RateLimit"].split(";")[1] for _ in range(3)]
    refused = ask()

    assert remaining == ["r=2", "r=1", "r=0"]
    assert refused.status_code == 429
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "too-many-requests"
    assert 1 <= int(refused["Retry-After"]) <= 60 * 4 / 3, "the window, and a third of it must fade"
    assert refused["RateLimit"].startswith('"login";r=0;t=')


def test_who_waits_for_retry_after_is_let_in(settings: Any) -> None:
    settings.RATE_LIMITS = {"login": "2/second"}
    answers = [ask() for _ in range(3)]
    time.sleep(int(answers[-1]["Retry-After"]) + 0.05)

    assert answers[-1].status_code == 429
    assert ask().status_code == 200


def test_accounts_are_counted_apart_and_so_are_addresses_and_scopes() -> None:
    one, two = (Viewer(user_id=new_id()) for _ in range(2))
    for _ in range(3):
        ask(viewer=one)

    assert ask(viewer=one).status_code == 429
    assert ask(viewer=two).status_code == 200
    assert ask().status_code == 200
    assert ask(REMOTE_ADDR="10.0.0.9").status_code == 200
    assert ask("/api/v1/parcels", viewer=one)["RateLimit-Policy"] == '"default";q=5;w=60'


def test_an_address_that_the_caller_writes_is_not_believed() -> None:
    for number in range(3):
        ask(headers={"X-Forwarded-For": f"10.0.0.{number}"})

    assert ask(headers={"X-Forwarded-For": "10.9.9.9"}).status_code == 429


def test_limits_scale_and_are_off_at_zero(settings: Any) -> None:
    settings.RATE_LIMIT_SCALE = 2.0
    assert ask()["RateLimit-Policy"] == '"login";q=6;w=60'

    settings.RATE_LIMIT_SCALE = 0.0
    assert not ask().has_header("RateLimit-Policy")


def test_without_valkey_ordinary_doors_stay_open_and_quick(settings: Any) -> None:
    settings.REDIS_URL = OUTAGE
    started = time.perf_counter()
    answers = [ask("/api/v1/parcels") for _ in range(20)]

    assert {answer.status_code for answer in answers} == {200}
    assert not answers[0].has_header("RateLimit")
    assert time.perf_counter() - started < 2


def test_without_valkey_guarded_doors_are_counted_in_memory(settings: Any) -> None:
    settings.REDIS_URL = OUTAGE

    assert [ask().status_code for _ in range(4)] == [200, 200, 200, 429]


def test_valkey_is_counted_with_again_after_the_pause(settings: Any) -> None:
    working = settings.REDIS_URL
    settings.REDIS_URL = OUTAGE
    ask("/api/v1/parcels")
    settings.REDIS_URL = working
    assert not ask("/api/v1/parcels").has_header("RateLimit")

    throttling._circuit._retry_at = 0.0

    assert ask("/api/v1/parcels").has_header("RateLimit")
