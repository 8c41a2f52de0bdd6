"""The back office: every list opens, money moves by the services."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from apps.payments.tests.factories import amounts, authorized, captured

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox_server")]


@pytest.fixture
def office(client: Client) -> Client:
    user = get_user_model().objects.create_superuser(email="boss@example.com", password="x")
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    "page", ["payment", "journalentry", "ledgeraccount", "webhookevent", "reversal"]
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
def test_an_action_moves_the_money(office: Client, action: str, after: Any) -> None:
    payment = authorized() if action != "refund" else captured()
    answer = office.post(
        "/admin/payments/payment/",
        {"action": action, "_selected_action": [str(payment.id)]},
    )
    assert answer.status_code == 302
    assert amounts(payment.id) == (after or (1000, 1000, 1000, 0, 0))
