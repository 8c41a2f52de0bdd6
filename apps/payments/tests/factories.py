"""Payments to test with."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from factory.base import Factory
from factory.declarations import LazyFunction

from apps.payments import services
from apps.payments.models import JournalLine
from apps.payments.models import Payment as PaymentRow
from apps.payments.types import OpenPayment, Payment
from ecommerce import clock
from ecommerce.ids import new_id
from ecommerce.money import Money

_fresh: Callable[[Callable[[], Any]], Any] = LazyFunction  # factory-boy leaves it untyped


class OpenPaymentFactory(Factory[OpenPayment]):
    """Ten euro of an order of nobody."""

    class Meta:
        model = OpenPayment

    payment_id = _fresh(new_id)
    order_id = _fresh(new_id)
    amount = Money(1000, "EUR")
    method = "tok_visa"


def payment_of(amount: int = 1000, method: str = "tok_visa", **fields: Any) -> OpenPayment:
    """The command that opens a payment of so many cents."""
    return OpenPaymentFactory.build(amount=Money(amount, "EUR"), method=method, **fields)


def authorized(amount: int = 1000, method: str = "tok_visa", **fields: Any) -> Payment:
    """A payment that was authorized, or what became of it."""
    return services.authorize(payment_of(amount, method, **fields), now=clock.now())


def captured(amount: int = 1000, method: str = "tok_visa", **fields: Any) -> Payment:
    """A payment that was captured, or what became of it."""
    payment = authorized(amount, method, **fields)
    return services.capture(payment_id=payment.id, now=clock.now())


def amounts(payment_id: UUID) -> tuple[int, int, int, int, int]:
    """Authorized, captured, refunded, and what is pending of the last two."""
    row = PaymentRow.objects.get(id=payment_id)
    return row.authorized, row.captured, row.refunded, row.capture_pending, row.refund_pending


def balances() -> dict[str, int]:
    """Debits less credits per account."""
    sums: dict[str, int] = {}
    for account, debit, credit in JournalLine.objects.values_list("account_id", "debit", "credit"):
        sums[account] = sums.get(account, 0) + debit - credit
    return sums
