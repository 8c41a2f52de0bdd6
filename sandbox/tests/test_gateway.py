"""The gateway keeps its promises: once per attempt, whatever happens to the answer."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from sandbox.testing import SandboxServer, sandbox_server

__all__ = ["sandbox_server"]


def authorization(method: str = "tok_visa", amount: int = 1000, **fields: Any) -> dict[str, Any]:
    payment = str(uuid4())
    return {
        "attemptId": payment,
        "paymentId": payment,
        "amount": amount,
        "currency": "EUR",
        "method": method,
        "merchantReference": "order-1",
        **fields,
    }


def operation(payment: str, amount: int = 1000, attempt: str | None = None) -> dict[str, Any]:
    return {
        "attemptId": attempt or str(uuid4()),
        "paymentId": payment,
        "amount": amount,
        "currency": "EUR",
    }


def test_an_attempt_is_charged_once_however_often_it_is_sent(sandbox_server: SandboxServer) -> None:
    body = authorization()
    with ThreadPoolExecutor(8) as threads:
        replies = list(
            threads.map(
                lambda _: sandbox_server.post("/gateway/v1/authorizations", body), range(16)
            )
        )
    assert sorted(reply.status_code for reply in replies) == [200] * 15 + [201]
    assert len({reply.json()["id"] for reply in replies}) == 1
    assert sandbox_server.get("/gateway/v1/totals") == {
        "EUR": {"authorize": {"times": 1, "amount": 1000}}
    }


def test_an_attempt_cannot_be_used_for_something_else(sandbox_server: SandboxServer) -> None:
    body = authorization()
    sandbox_server.post("/gateway/v1/authorizations", body)
    again = sandbox_server.post("/gateway/v1/authorizations", {**body, "amount": 999})
    assert (again.status_code, again.json()["code"]) == (422, "attempt_reused")


def test_the_key_must_be_the_attempt(sandbox_server: SandboxServer) -> None:
    reply = sandbox_server.post(
        "/gateway/v1/authorizations", authorization(), **{"Idempotency-Key": "other"}
    )
    assert (reply.status_code, reply.json()["code"]) == (422, "key_mismatch")


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("tok_declined", "card_declined"),
        ("tok_insufficient_funds", "insufficient_funds"),
        ("4111111111111111", "invalid_method"),
    ],
)
def test_declines_say_why(sandbox_server: SandboxServer, method: str, code: str) -> None:
    reply = sandbox_server.post("/gateway/v1/authorizations", authorization(method)).json()
    assert (reply["outcome"], reply["declineCode"]) == ("declined", code)
    assert sandbox_server.succeeded("authorize") == 0


def test_a_lost_answer_was_charged_all_the_same(sandbox_server: SandboxServer) -> None:
    body = authorization("tok_lost_answer")
    with pytest.raises(httpx.HTTPError):
        sandbox_server.post("/gateway/v1/authorizations", body)
    found = sandbox_server.get(f"/gateway/v1/attempts/{body['attemptId']}")
    assert (found["outcome"], found["amount"]) == ("succeeded", 1000)
    assert sandbox_server.post("/gateway/v1/authorizations", body).status_code == 200


def test_a_timeout_charges_nothing(sandbox_server: SandboxServer) -> None:
    body = authorization("tok_timeout")
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{sandbox_server.url}/gateway/v1/authorizations", json=body, timeout=0.3)
    missing = httpx.get(f"{sandbox_server.url}/gateway/v1/attempts/{body['attemptId']}")
    assert missing.status_code == 404


def test_money_cannot_be_taken_or_given_back_twice(sandbox_server: SandboxServer) -> None:
    body = authorization()
    payment = body["paymentId"]
    sandbox_server.post("/gateway/v1/authorizations", body)
    outcomes = [
        sandbox_server.post(f"/gateway/v1/{path}", operation(payment, amount)).json()
        for path, amount in [
            ("captures", 600),
            ("captures", 600),
            ("captures", 400),
            ("refunds", 1000),
            ("refunds", 1),
            ("voids", 1),
        ]
    ]
    assert [(o["outcome"], o["declineCode"]) for o in outcomes] == [
        ("succeeded", None),
        ("declined", "not_authorized"),
        ("succeeded", None),
        ("succeeded", None),
        ("declined", "not_captured"),
        ("declined", "already_captured"),
    ]
    charge = sandbox_server.get(f"/gateway/v1/charges/{payment}")
    assert (charge["authorized"], charge["captured"], charge["refunded"]) == (1000, 1000, 1000)


def test_a_void_fences_an_authorization_that_arrives_later(sandbox_server: SandboxServer) -> None:
    body = authorization()
    voided = sandbox_server.post("/gateway/v1/voids", operation(body["paymentId"])).json()
    late = sandbox_server.post("/gateway/v1/authorizations", body).json()
    assert voided["outcome"] == "succeeded"
    assert (late["outcome"], late["declineCode"]) == ("declined", "voided")


def test_ordered_faults_hit_the_next_requests_only(sandbox_server: SandboxServer) -> None:
    sandbox_server.order("unavailable", times=2)
    statuses = [
        sandbox_server.post("/gateway/v1/authorizations", authorization()).status_code
        for _ in range(3)
    ]
    assert statuses == [503, 503, 201]


def test_the_books_survive_a_power_cut(sandbox_server: SandboxServer) -> None:
    body = authorization()
    sandbox_server.post("/gateway/v1/authorizations", body)
    sandbox_server.kill()
    sandbox_server.restart()
    assert sandbox_server.get(f"/gateway/v1/attempts/{body['attemptId']}")["amount"] == 1000


def test_each_event_tells_the_whole_history(sandbox_server: SandboxServer) -> None:
    body = authorization()
    sandbox_server.post("/gateway/v1/authorizations", body)
    sandbox_server.post("/gateway/v1/captures", operation(body["paymentId"]))
    first, second = sandbox_server.events()
    assert (first["type"], second["type"]) == ("authorize.succeeded", "capture.succeeded")
    assert [o["kind"] for o in second["charge"]["operations"]] == ["authorize", "capture"]


@pytest.mark.parametrize("body", [[], {"attemptId": "x"}, {"attemptId": None}, "text"])
def test_nonsense_is_refused(sandbox_server: SandboxServer, body: object) -> None:
    assert sandbox_server.post("/gateway/v1/authorizations", body).status_code in {400, 422}
