"""Card numbers are refused at every door, and no trace of one stays."""

import logging
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from apps.payments import services
from apps.payments.domain.tokens import holds_card_number
from apps.payments.errors import CardNumberSent
from apps.payments.models import Attempt, Payment
from apps.payments.tests.factories import payment_of
from ecommerce.identity import OPERATOR, Viewer
from ecommerce.ids import new_id

CARD = "4111111111111111"


@pytest.mark.parametrize(
    "token",
    [
        CARD,
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111\u00a01111\u20131111 1111",
        "tok_4111111111111111",
        "4111 1111 1111 1111 12/27",
        "4222222222222",
        "378282246310005",
        "6304000000000000000",
    ],
)
def test_a_card_number_is_found_however_it_is_written(token: str) -> None:
    assert holds_card_number(token)


@pytest.mark.parametrize(
    "token",
    ["", "tok_visa", "4111111111111112", "424242424242", "pm_1NqL2eLkdIwHu7ixK9c5vT3b", "4111x111111111111"],
)  # fmt: skip
def test_a_token_is_no_card_number(token: str) -> None:
    assert not holds_card_number(token)


@given(st.from_regex(r"[2-6][0-9]{11,17}", fullmatch=True), st.sampled_from(["", " ", "-", " - "]))
def test_every_number_with_its_check_digit_is_found(digits: str, gap: str) -> None:
    endings = [gap.join(digits + last) for last in "0123456789"]

    assert sum(map(holds_card_number, endings)) >= 1


@pytest.mark.django_db
def test_no_payment_is_opened_with_a_card_number() -> None:
    with pytest.raises(CardNumberSent) as refusal, transaction.atomic():
        services.open_payment(payment_of(method=CARD))

    assert CARD not in str(refusal.value)
    assert not Payment.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["authorize", "authorizations"])
def test_an_endpoint_refuses_it_and_keeps_nothing(
    api: Any, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({OPERATOR})))
    body = {
        "orderId": str(new_id()),
        "amount": {"amount": 1999, "currency": "EUR"},
        "paymentMethodToken": CARD,
    }

    answer = api.post(f"/api/v1/payments/{path}", body, headers={"Idempotency-Key": "pay"})

    assert (answer.status_code, answer.json()["code"]) == (422, "payments/card-number-sent")
    assert CARD not in answer.content.decode()
    assert CARD not in caplog.text
    assert not Attempt.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM http_idempotency_key")
        assert cursor.fetchone() == (0,)
