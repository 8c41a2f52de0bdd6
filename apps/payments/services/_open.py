"""Start a payment."""

from django.db import transaction

from apps.payments.errors import AmountMissing, PaymentChanged
from apps.payments.events import AuthorizationRequested
from apps.payments.gateways.registry import gateway_of
from apps.payments.queries import asking, reading
from apps.payments.services._note_down import note_down
from apps.payments.services._read import payment_row
from apps.payments.services._refuse_card import refuse_card_number
from apps.payments.types import OpenPayment, Payment
from ecommerce.events import publish
from ecommerce.identity import SYSTEM, Viewer


def open_payment(command: OpenPayment, *, viewer: Viewer = SYSTEM) -> Payment:
    """Write down what is about to be asked of the gateway; nothing is asked yet.

    Repeating it returns the payment as it is now. Raises PaymentChanged if the id is another
    order's or of another amount, CardNumberSent, UnknownProvider, AmountMissing.
    """
    refuse_card_number(command.method)
    gateway_of(command.provider)
    if command.amount.amount < 1:
        raise AmountMissing("there is nothing to pay")
    return _open(command, viewer)


@transaction.atomic(savepoint=False)
def _open(command: OpenPayment, viewer: Viewer) -> Payment:
    opened = asking.open_payment(command)
    if opened is None:
        return _same_payment(command)
    note_down(
        "authorize",
        payment_id=command.payment_id,
        attempt_id=command.payment_id,
        amount=command.amount,
        viewer=viewer,
    )
    publish(
        AuthorizationRequested(
            payment_id=command.payment_id,
            order_id=command.order_id,
            merchant_id=command.merchant,
            amount_minor=command.amount.amount,
            currency=command.amount.currency,
        )
    )
    return opened


def _same_payment(command: OpenPayment) -> Payment:
    payment = reading.view(payment_row(command.payment_id))
    if payment.order_id != command.order_id or payment.amount != command.amount:
        raise PaymentChanged(f"payment {command.payment_id} is of another order or amount")
    return payment
