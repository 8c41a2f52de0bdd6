"""What orders learn from the warehouse, which stands above and is known by its events alone, and of their money."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.orders import services
from apps.payments.events import PaymentCaptured, PaymentRefunded
from ecommerce.events import Envelope, consumer

SHIPPED = "ecommerce.shipping.fulfillment.shipped.v1"
DELIVERED = "ecommerce.shipping.shipment.delivered.v1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """What is read of a shipping event."""

    order_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What is read of a capture."""

    payment_id: UUID
    captured_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenBack:
    """What is read of a refund."""

    payment_id: UUID
    refunded_minor: int


@consumer("orders.follow_shipping", SHIPPED, DELIVERED)
def follow_shipping(events: Sequence[Envelope]) -> None:
    """Everything left the house: FULFILLED. Everything arrived: COMPLETED."""
    for event in events:
        order_id = event.read(Moved).order_id
        if event.event_type == SHIPPED:
            services.mark_fulfilled(order_id=order_id, now=event.occurred_at)
        else:
            services.complete_order(order_id=order_id, now=event.occurred_at)


@consumer("orders.follow_payments", PaymentCaptured, PaymentRefunded)
def follow_payments(events: Sequence[Envelope]) -> None:
    """How much was taken for the order so far, and how much went back, whoever gave it back."""
    for event in events:
        if event.event_type.endswith(".captured.v1"):
            taken = event.read(Taken)
            services.note_captured(
                payment_id=taken.payment_id,
                captured_minor=taken.captured_minor,
                now=event.occurred_at,
            )
        else:
            back = event.read(GivenBack)
            services.note_refunded(
                payment_id=back.payment_id,
                refunded_minor=back.refunded_minor,
                now=event.occurred_at,
            )
