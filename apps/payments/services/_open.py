"""Start a payment."""

from apps.payments.errors import AmountMissing, NoPayment, PaymentChanged
from apps.payments.events import AuthorizationRequested
from apps.payments.gateways.registry import gateway_of
from apps.payments.queries import asking, reading
from apps.payments.queries.asking import Asked
from apps.payments.services._ask import Intent
from apps.payments.services._note_down import note_down
from apps.payments.services._read import payment_row
from apps.payments.services._refuse_card import refuse_card_number
from apps.payments.types import OpenPayment, Payment
from ecommerce.events import publish
from ecommerce.identity import SYSTEM, Viewer
from ecommerce.transactions import joining


def open_payment(command: OpenPayment, *, viewer: Viewer = SYSTEM) -> Payment:
    """Write down what is about to be asked of the gateway; nothing is asked yet.

    Repeating it returns the payment as it is now. Raises PaymentChanged if the id is another
    order's or of another amount, CardNumberSent, UnknownProvider, AmountMissing.
    """
    _check(command)
    return _open(command, viewer) or _same_payment(command)


def open_to_ask(command: OpenPayment) -> Intent:
    """As open_payment, and its authorization is on record as asked for: ``ask`` does it after the commit.

    Whoever comes by without the intent, because its bearer died, asks what became of the attempt
    first, as after any question without an answer. Raises NoPayment where it was opened before.
    """
    _check(command)
    if _open(command, SYSTEM, asked=True) is None:
        raise NoPayment(f"payment {command.payment_id} was opened before")
    return Intent(
        operation="authorize",
        payment_id=command.payment_id,
        attempt_id=command.payment_id,
        asked=Asked(
            fresh=1,
            tries=1,
            status="started",
            amount=command.amount.amount,
            gateway_reference="",
            decline_code="",
            order_id=command.order_id,
            merchant=command.merchant,
            provider=command.provider,
            method=command.method,
            currency=command.amount.currency,
            voided=False,
        ),
    )


def _check(command: OpenPayment) -> None:
    refuse_card_number(command.method)
    gateway_of(command.provider)
    if command.amount.amount < 1:
        raise AmountMissing("there is nothing to pay")


@joining
def _open(command: OpenPayment, viewer: Viewer, *, asked: bool = False) -> Payment | None:
    opened = asking.open_payment(command, asking=asked)
    if opened is None:
        return None
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
