"""Who had money moved by hand stands in the audit trail, once, and no word about a customer."""

from typing import Any

import pytest
from django.db import transaction

from apps.payments import services
from apps.payments.errors import NotRefundable
from apps.payments.tests.factories import authorized, captured, payment_of
from ecommerce import clock
from ecommerce.audit.models import Entry
from ecommerce.identity import OPERATOR, Viewer
from ecommerce.ids import new_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox_server")]
BOSS = Viewer(user_id=new_id(), roles=frozenset({OPERATOR}))


def entries() -> list[tuple[str, str, Any, int]]:
    rows = Entry.objects.filter(entity_type="payment").order_by("occurred_at", "id")
    return [(e.action, e.entity_id, e.actor_id, e.changes["amount_minor"]) for e in rows]


def test_every_command_of_an_operator_is_put_on_record(api: Any) -> None:
    api.force_authenticate(user=BOSS)
    part = {"amount": 300, "currency": "EUR"}
    paid = api.json_of(
        "POST",
        "/api/v1/payments/authorize",
        {"orderId": str(new_id()), "amount": {**part, "amount": 1000}, "paymentMethodToken": "tok_visa"},
        status=201,
    )["paymentId"]  # fmt: skip
    other = str(authorized(500).id)
    for path, body, status in (
        ("capture", {"paymentId": paid, "amount": part}, 200),
        ("captures", {"paymentId": paid, "amount": part}, 201),
        ("refund", {"paymentId": paid, "amount": part, "reason": "Ada Byron called"}, 201),
        (f"authorizations/{other}/void", {}, 200),
    ):
        api.json_of("POST", f"/api/v1/payments/{path}", body, status=status)

    assert entries() == [
        ("payments.authorize.requested", paid, BOSS.user_id, 1000),
        ("payments.capture.requested", paid, BOSS.user_id, 300),
        ("payments.capture.requested", paid, BOSS.user_id, 300),
        ("payments.refund.requested", paid, BOSS.user_id, 300),
        ("payments.void.requested", other, BOSS.user_id, 500),
    ]
    assert "Ada" not in str(list(Entry.objects.values_list("changes", flat=True)))


def test_a_repeat_is_put_on_record_once_and_a_refusal_not_at_all() -> None:
    payment, refund_id = authorized(), new_id()
    for _ in range(2):
        services.capture(payment_id=payment.id, now=clock.now(), viewer=BOSS)
        services.refund(
            payment_id=payment.id, refund_id=refund_id, amount=None, reason="", now=clock.now(), viewer=BOSS
        )  # fmt: skip
    with pytest.raises(NotRefundable), transaction.atomic():
        services.request_refund(
            payment_id=payment.id, refund_id=new_id(), amount_minor=1, reason="", viewer=BOSS
        )

    assert [action for action, *_ in entries()] == [
        "payments.capture.requested",
        "payments.refund.requested",
    ]


def test_what_the_shop_does_by_itself_is_told_by_its_events() -> None:
    captured()
    services.void(payment_id=authorized().id, now=clock.now())
    services.open_payment(payment_of())

    assert entries() == []
