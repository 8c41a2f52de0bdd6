"""The money endpoints: operators move money, customers see their own, others see nothing."""

from typing import Any

import pytest

from apps.payments.models import Attempt
from apps.payments.tests.factories import authorized, captured
from ecommerce.identity import Viewer
from ecommerce.ids import new_id
from sandbox.testing import SandboxServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox_server")]

EUR = {"currency": "EUR"}


@pytest.fixture
def operator(api: Any) -> Any:
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"operator"})))
    return api


def test_an_operator_takes_and_gives_back_a_payment(operator: Any) -> None:
    payment = operator.json_of(
        "POST",
        "/api/v1/payments/authorize",
        {
            "orderId": str(new_id()),
            "amount": {"amount": 1999, **EUR},
            "paymentMethodToken": "tok_visa",
        },
        status=201,
    )
    payment_id = payment["paymentId"]
    assert (payment["status"], payment["authorized"]) == ("AUTHORIZED", {"amount": 1999, **EUR})

    payment = operator.json_of(
        "POST", "/api/v1/payments/capture", {"paymentId": payment_id}, status=200
    )
    assert (payment["status"], payment["captured"]) == ("CAPTURED", {"amount": 1999, **EUR})

    refund = operator.json_of(
        "POST",
        "/api/v1/payments/refunds",
        {"paymentId": payment_id, "amount": {"amount": 99, **EUR}, "reason": "scratched"},
        status=201,
    )
    assert (refund["status"], refund["amount"]) == ("succeeded", {"amount": 99, **EUR})
    found = operator.json_of("GET", f"/api/v1/payments/refunds/{refund['refundId']}", status=200)
    assert found == refund
    listed = operator.json_of("GET", "/api/v1/payments/refunds", status=200)
    assert listed["results"] == [refund]


def test_the_list_of_refunds_takes_one_statement(
    operator: Any, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        payment = captured()
        operator.json_of(
            "POST", "/api/v1/payments/refund", {"paymentId": str(payment.id)}, status=201
        )
    with django_assert_num_queries(1):
        operator.json_of("GET", "/api/v1/payments/refunds", status=200)


def test_the_same_key_gives_back_once(operator: Any, sandbox_server: SandboxServer) -> None:
    payment = captured()
    body = {"paymentId": str(payment.id), "amount": {"amount": 10, **EUR}}
    key = {"headers": {"Idempotency-Key": "once"}}
    first = operator.json_of("POST", "/api/v1/payments/refund", body, status=201, **key)
    second = operator.json_of("POST", "/api/v1/payments/refund", body, status=201, **key)
    assert first == second
    assert sandbox_server.succeeded("refund") == 1
    assert Attempt.objects.filter(operation="refund").count() == 1


def test_parts_of_an_authorization_are_captured_and_the_rest_is_refused(operator: Any) -> None:
    payment = authorized(1000)
    path = f"/api/v1/payments/authorizations/{payment.id}/capture"
    part = operator.json_of("POST", path, {"amount": {"amount": 400, **EUR}}, status=200)
    assert part["status"] == "PARTIALLY_CAPTURED"
    refusal = operator.json_of("POST", path, {"amount": {"amount": 601, **EUR}}, status=409)
    assert refusal["code"] == "payments/not-capturable"
    refusal = operator.json_of(
        "POST", path, {"amount": {"amount": 1, "currency": "USD"}}, status=422
    )
    assert refusal["code"] == "payments/amount"


def test_a_capture_is_a_resource_too(operator: Any) -> None:
    payment = authorized(1000)
    capture = operator.json_of(
        "POST", "/api/v1/payments/captures", {"paymentId": str(payment.id)}, status=201
    )
    path = f"/api/v1/payments/captures/{capture['captureId']}"
    assert operator.json_of("GET", path, status=200) == capture


def test_a_void_lifts_the_hold(operator: Any) -> None:
    payment = authorized()
    path = f"/api/v1/payments/authorizations/{payment.id}/void"
    assert operator.json_of("POST", path, {}, status=200)["status"] == "VOIDED"


@pytest.mark.parametrize(
    ("who", "status"), [("owner", 200), ("operator", 200), ("other", 404), ("nobody", 404)]
)
def test_a_payment_is_seen_by_its_owner_and_operators_only(api: Any, who: str, status: int) -> None:
    owner = new_id()
    payment = authorized(customer_id=owner)
    viewers = {
        "owner": Viewer(user_id=owner, roles=frozenset({"customer"})),
        "operator": Viewer(user_id=new_id(), roles=frozenset({"operator"})),
        "other": Viewer(user_id=new_id(), roles=frozenset({"customer"})),
        "nobody": Viewer(),
    }
    api.force_authenticate(user=viewers[who])
    api.json_of("GET", f"/api/v1/payments/{payment.id}", status=status)


@pytest.mark.parametrize(
    "path",
    [
        "payments/authorize",
        "payments/capture",
        "payments/refund",
        "payments/refunds",
        "payments/captures",
        "payments/authorizations",
        "payments/authorizations/01a1fdec-765a-70e4-bda8-12b4ac84c577/capture",
        "payments/authorizations/01a1fdec-765a-70e4-bda8-12b537aa3ca1/void",
        "sandbox/gateway/simulate",
    ],
)
def test_customers_move_no_money(api: Any, path: str) -> None:
    api.json_of("POST", f"/api/v1/{path}", {}, status=401)
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"customer"})))
    api.json_of("POST", f"/api/v1/{path}", {}, status=403)


def test_the_sandbox_misbehaves_on_request(operator: Any) -> None:
    operator.json_of(
        "POST", "/api/v1/sandbox/gateway/simulate", {"scenario": "decline"}, status=200
    )
    assert authorized().status == "DECLINED"
    assert authorized().status == "AUTHORIZED"
