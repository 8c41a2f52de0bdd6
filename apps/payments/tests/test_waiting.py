"""How long somebody waits for a provider that is slow, or not there."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.payments import services
from apps.payments.gateways.calling import PATIENCE, SLOW_SECONDS, Caller, Reply
from apps.payments.models import Attempt
from apps.payments.tests.factories import payment_of
from ecommerce import clock
from ecommerce.ids import new_id
from sandbox.testing import SandboxServer


def test_nobody_waits_for_a_slow_provider_to_answer_others(sandbox_server: SandboxServer) -> None:
    sandbox_server.order("slow", times=6)

    started = time.monotonic()
    replies = authorize_at_once(sandbox_server.url, times=6)

    assert [reply.status for reply in replies] == [201] * 6
    assert time.monotonic() - started < 2 * 2.0, "one after the other it would be twelve seconds"


def test_the_breaker_opens_when_calls_fail_side_by_side(sandbox_server: SandboxServer) -> None:
    sandbox_server.order("error", times=8)
    caller = Caller(sandbox_server.url)

    authorize_at_once(sandbox_server.url, times=8, caller=caller)

    assert caller.send("GET", "/gateway/v1/totals").why == "the breaker is open"


def test_who_comes_while_others_wait_in_vain_is_not_kept_waiting(
    sandbox_server: SandboxServer,
) -> None:
    sandbox_server.order("timeout", times=3)
    caller = Caller(sandbox_server.url)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(authorize_at_once, sandbox_server.url, times=3, caller=caller)
        time.sleep(SLOW_SECONDS + 0.2)
        started = time.monotonic()
        reply = caller.send("GET", "/gateway/v1/totals")

        assert (reply.kind, reply.why) == ("unreachable", "others wait for it in vain")
        assert time.monotonic() - started < 0.5
        assert [lost.kind for lost in waiting.result()] == ["lost"] * 3
    assert caller.send("GET", "/gateway/v1/totals").status == 200


def test_one_at_a_time_tries_whether_a_provider_is_back(sandbox_server: SandboxServer) -> None:
    caller = Caller(sandbox_server.url)
    caller.breaker.open()
    caller.breaker.half_open()
    sandbox_server.order("slow", times=4)

    replies = authorize_at_once(sandbox_server.url, times=4, caller=caller)

    assert sorted(reply.kind for reply in replies) == ["answered", *["unreachable"] * 3]
    assert caller.send("GET", "/gateway/v1/totals").status == 200, "the one that tried closed it"


def authorize_at_once(url: str, *, times: int, caller: Caller | None = None) -> list[Reply]:
    caller = caller or Caller(url)

    def authorize(_: int) -> Reply:
        attempt_id = str(new_id())
        body = {
            "attemptId": attempt_id,
            "paymentId": attempt_id,
            "amount": 1000,
            "currency": "EUR",
            "method": "tok_visa",
        }
        return caller.send("POST", "/gateway/v1/authorizations", body=body, key=attempt_id)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(authorize, range(times)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scenario", ["trickle", "flood"])
def test_an_answer_without_end_is_a_lost_one(sandbox_server: SandboxServer, scenario: str) -> None:
    command = payment_of()
    sandbox_server.order(scenario, path="authorizations")

    started = time.monotonic()
    payment = services.authorize(command, now=clock.now())

    assert time.monotonic() - started < PATIENCE.whole_seconds + 1
    assert payment.status == "PENDING"
    assert Attempt.objects.get(id=payment.id).status == "unknown"
    again = services.ask_authorization(payment_id=payment.id)
    assert (again.outcome, sandbox_server.succeeded("authorize")) == ("succeeded", 1)
