"""ORM reads of payments, made into plain values."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from django.db.models import QuerySet

from apps.payments.models import Attempt as AttemptRow
from apps.payments.models import Payment as PaymentRow
from apps.payments.types import Attempt, Payment

_FIELDS = tuple(field.name for field in fields(Payment))
RETURNED = ", ".join(f"p.{name.removesuffix('_minor')}" for name in _FIELDS)
"""The columns that a statement of ours returns so that ``from_row`` can read a payment."""


def from_row(row: Sequence[Any]) -> Payment:
    """A payment from the columns of RETURNED."""
    return Payment(**dict(zip(_FIELDS, row, strict=True)))


def payment(**by: Any) -> PaymentRow | None:
    """A payment's row, the newest if several fit."""
    return PaymentRow.objects.filter(**by).order_by("-created_at", "-id").first()


def attempt(**by: Any) -> Attempt | None:
    """An attempt with its payment's currency: one statement."""
    row = AttemptRow.objects.select_related("payment").filter(**by).first()
    return None if row is None else attempt_view(row)


def refunds() -> QuerySet[AttemptRow]:
    """All refunds, to be paged through."""
    return AttemptRow.objects.select_related("payment").filter(operation="refund")


def view(row: PaymentRow) -> Payment:
    """A payment as others see it."""
    return Payment(
        id=row.id,
        order_id=row.order_id,
        merchant=row.merchant,
        provider=row.provider,
        status=row.status,
        currency=row.currency,
        amount_minor=row.amount,
        authorized_minor=row.authorized,
        captured_minor=row.captured,
        refunded_minor=row.refunded,
        gateway_reference=row.gateway_reference,
        decline_code=row.decline_code,
        customer_id=row.customer_id,
        created_at=row.created_at,
        voided=row.voided,
    )


def attempt_view(row: AttemptRow) -> Attempt:
    """An attempt as others see it; its payment must be loaded."""
    return Attempt(
        id=row.id,
        payment_id=row.payment_id,
        operation=row.operation,  # type: ignore[arg-type]  # the column has the same choices
        status=row.status,  # type: ignore[arg-type]  # likewise
        amount=row.money,
        gateway_reference=row.gateway_reference,
        decline_code=row.decline_code,
        reason=row.reason,
        created_at=row.created_at,
    )
