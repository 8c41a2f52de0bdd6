"""Who had money moved by hand."""

from uuid import UUID

from apps.payments.types import Operation
from ecommerce.audit import record
from ecommerce.identity import Viewer
from ecommerce.money import Money


def note_down(
    operation: Operation, *, payment_id: UUID, attempt_id: UUID, amount: Money, viewer: Viewer
) -> None:
    """Put on record, in the transaction that decides it, what a person has asked of the gateway.

    What the shop does by itself (a purchase, the money of a cancelled order) is told by its events.
    """
    if viewer.user_id is not None:
        record(
            action=f"payments.{operation}.requested",
            entity_type="payment",
            entity_id=payment_id,
            actor=viewer,
            changes={
                "attempt_id": str(attempt_id),
                "amount_minor": amount.amount,
                "currency": amount.currency,
            },
        )
