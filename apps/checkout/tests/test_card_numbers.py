"""A card number never gets into a checkout."""

import logging
from typing import Any

import pytest
from django.db import connection

from apps.checkout.models import Checkout, Saga
from apps.checkout.tests.factories import customer, filled_cart, for_sale, open_shop, started
from apps.checkout.tests.test_rest import body_of

pytestmark = pytest.mark.django_db
CARD = "4111111111111111"


@pytest.fixture(autouse=True)
def _shop() -> None:
    open_shop()


def assert_refused(answer: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert (answer.status_code, answer.json()["code"]) == (422, "payments/card-number-sent")
    assert "token" in answer.json()["detail"]
    assert CARD not in answer.content.decode()
    assert CARD not in caplog.text
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM http_idempotency_key")
        assert cursor.fetchone() == (0,)


def test_no_checkout_starts_with_a_card_number(api: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ada = customer()
    api.force_authenticate(user=ada)
    body = body_of(filled_cart(ada, (for_sale(), 1)), paymentMethod=CARD)

    answer = api.post("/api/v1/checkout", body, headers={"Idempotency-Key": "start"})

    assert_refused(answer, caplog)
    assert not Checkout.objects.exists()


def test_none_is_confirmed_with_one(api: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ada = customer()
    checkout = started(ada, (for_sale(), 1))
    api.force_authenticate(user=ada)

    answer = api.post(
        f"/api/v1/checkout/{checkout.id}/confirm",
        {"paymentMethod": "4111 1111 1111 1111"},
        headers={"Idempotency-Key": "confirm"},
    )

    assert_refused(answer, caplog)
    row = Checkout.objects.get()
    assert (row.status, row.payment_method) == ("OPEN", "tok_visa")
    assert not Saga.objects.exists()
