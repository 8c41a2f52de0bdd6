"""The back office: every list opens, money moves by the services."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from apps.payments import services
from apps.payments.tests.factories import amounts, authorized, captured
from apps.payments.types import Payment
from ecommerce import clock
from ecommerce.ids import new_id
from ecommerce.money import Money
from sandbox.testing import SandboxServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox_server")]


@pytest.fixture
def office(client: Client) -> Client:
    user = get_user_model().objects.create_superuser(email="boss@example.com", password="x")
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    "page", ["payment", "attempt", "journalentry", "ledgeraccount", "webhookevent", "reversal"]
)
def test_every_list_opens(office: Client, page: str) -> None:
    captured()
    assert office.get(f"/admin/payments/{page}/").status_code == 200


def test_a_payment_shows_what_was_asked_for_it(office: Client) -> None:
    payment = captured()
    page = office.get(f"/admin/payments/payment/{payment.id}/change/")
    assert page.status_code == 200
    assert b"capture" in page.content


@pytest.mark.parametrize(
    ("action", "after"),
    [("capture", (1000, 1000, 0, 0, 0)), ("void", (1000, 0, 0, 0, 0)), ("refund", None)],
)
def test_an_action_asks_once_more_and_then_moves_the_money(
    office: Client, action: str, after: Any
) -> None:
    payment = authorized(order_id=new_id()) if action != "refund" else captured()
    before = amounts(payment.id)

    asked = press(office, action, payment)
    page = asked.content.decode()
    assert (asked.status_code, amounts(payment.id)) == (200, before)
    assert str(payment.id) in page
    assert "10.00 EUR" in page

    answer = press(office, action, payment, shown=f"{payment.id}:1000")
    assert answer.status_code == 302
    assert amounts(payment.id) == (after or (1000, 1000, 1000, 0, 0))


def test_what_has_changed_since_it_was_shown_is_not_moved(office: Client) -> None:
    payment = captured()
    services.refund(
        payment_id=payment.id, refund_id=new_id(), amount=Money(300, "EUR"), reason="", now=clock.now()
    )  # fmt: skip

    press(office, "refund", payment, shown=f"{payment.id}:1000")

    assert amounts(payment.id) == (1000, 1000, 300, 0, 0)


def test_a_refund_that_was_declined_is_asked_for_again(
    office: Client, sandbox_server: SandboxServer
) -> None:
    payment = captured()
    sandbox_server.order("decline", path="refunds")

    press(office, "refund", payment, shown=f"{payment.id}:1000")
    assert amounts(payment.id) == (1000, 1000, 0, 0, 0)
    press(office, "refund", payment, shown=f"{payment.id}:1000")

    assert amounts(payment.id) == (1000, 1000, 1000, 0, 0)
    assert sandbox_server.succeeded("refund") == 1


def test_the_rest_of_a_hold_is_captured(office: Client) -> None:
    payment = authorized()
    services.capture(
        payment_id=payment.id, amount=Money(400, "EUR"), capture_id=new_id(), now=clock.now()
    )

    press(office, "capture", payment, shown=f"{payment.id}:600")

    assert amounts(payment.id) == (1000, 1000, 0, 0, 0)


def test_a_stranger_reads_amounts_and_finds_the_order(office: Client) -> None:
    payment = captured(1740)

    listed = office.get("/admin/payments/payment/").content.decode()
    page = office.get(f"/admin/payments/payment/{payment.id}/change/").content.decode()

    assert "17.40 EUR" in listed
    assert "17.40 EUR" in page
    assert ">1740<" not in listed + page
    assert f"/admin/orders/order/{payment.order_id}/change/" in page


def press(office: Client, action: str, payment: Payment, **answer: str) -> Any:
    return office.post(
        "/admin/payments/payment/",
        {"action": action, "_selected_action": [str(payment.id)], **answer},
    )
