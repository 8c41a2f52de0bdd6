"""Money that changes hands without a gateway is booked like any other."""

import pytest

from apps.payments import services
from apps.payments.errors import BadSignature
from apps.payments.tests.factories import balances, captured
from ecommerce import clock
from ecommerce.identity import SYSTEM
from ecommerce.ids import new_id


@pytest.mark.django_db(transaction=True)
def test_money_taken_and_given_back_by_hand_is_in_the_books() -> None:
    payment = captured(1000, "invoice", provider="offline")
    services.refund(
        payment_id=payment.id,
        refund_id=new_id(),
        amount=None,
        reason="sent back",
        now=clock.now(),
    )

    assert services.get_payment(payment_id=payment.id, viewer=SYSTEM).status == "REFUNDED"
    assert balances() == {"psp_receivable.offline": 0, "refunds": 1000, "sales_clearing": -1000}
    assert services.audit_ledger().clean


def test_nobody_sends_webhooks_about_it() -> None:
    with pytest.raises(BadSignature):
        services.receive_webhook(provider="offline", body=b"{}", headers={}, now=clock.now())
