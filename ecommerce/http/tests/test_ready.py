"""A hot read that goes past DRF says and refuses what it would have said and refused there."""

from typing import Any

import pytest
from django.test import Client

from ecommerce.http import ReadyView
from ecommerce.http.tests.doors import Ready
from ecommerce.ids import new_id

pytestmark = [pytest.mark.urls("ecommerce.http.tests.doors")]
READY = "/api/v1/ready/mug"
LONG_WAY = {"Accept": "application/json;q=0.9"}
"""What only DRF reads."""


@pytest.fixture(autouse=True)
def limits(settings: Any) -> None:
    settings.RATE_LIMITS = {"default": "100/minute", "tight": "2/minute"}
    settings.RATE_LIMIT_SCALE = 1.0


def ask(path: str, **headers: str) -> Any:
    address = f"10.{new_id().int % 200}.{new_id().int % 251}.{new_id().int % 241}"
    told = {"Correlation-Id": "the-same", **headers}
    return Client(REMOTE_ADDR=address).get(path, headers=told)


def told(answer: Any) -> dict[str, str]:
    once = {"traceparent", "RateLimit"}
    return {name: value for name, value in answer.headers.items() if name not in once}


@pytest.mark.parametrize(
    "path", [READY, f"{READY}?size=3", f"{READY}?size=x", "/api/v1/ready/missing", f"{READY}?a=%00"]
)
def test_both_ways_say_the_same(path: str) -> None:
    short, long = ask(path), ask(path, **LONG_WAY)

    assert (short.status_code, short.json()) == (long.status_code, long.json())
    assert told(short) == told(long)
    counted, again = (one.get("RateLimit", "").split(";t=")[0] for one in (short, long))
    assert counted == again


def test_only_the_long_way_goes_through_drf(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("DRF was asked")

    monkeypatch.setattr("ecommerce.http.views.APIView.initialize_request", refuse)

    assert ask(READY).status_code == 200
    with pytest.raises(AssertionError, match="DRF was asked"):
        ask(READY, **LONG_WAY)


def test_who_is_signed_in_is_known() -> None:
    assert ask(READY, Authorization="Bearer of-nobody").status_code == 401


def test_other_methods_are_refused_as_ever() -> None:
    answer = Client().post(READY)

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, OPTIONS"


def test_what_is_not_to_be_had_is_not_acceptable() -> None:
    assert ask(READY, Accept="text/csv").status_code == 406


def test_the_limit_holds() -> None:
    client = Client(REMOTE_ADDR="10.250.0.1")
    answers = [client.get("/api/v1/ready-tight/mug") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert int(answers[-1]["Retry-After"]) >= 1


@pytest.mark.parametrize(("name", "status"), [("missing", 404), ("lost", 503)])
def test_what_is_refused_or_fails_is_not_tried_twice(
    name: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    get = Ready.get

    def counted(self: Ready, request: Any, name: str) -> Any:
        asked.append(name)
        return get(self, request, name)

    monkeypatch.setattr(Ready, "get", counted)

    assert ask(f"/api/v1/ready/{name}").status_code == status
    assert asked == [name]


def test_who_comes_is_not_looked_at_so_nobody_may_ask_for_it() -> None:
    with pytest.raises(TypeError, match="asks who comes"):
        type("ForStaff", (ReadyView,), {"required_roles": {"GET": "operator"}})
