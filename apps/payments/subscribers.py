"""What payments does when orders tell something."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.payments import services
from ecommerce.events import Envelope, consumer


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderNews:
    """What we need to know of an order's event."""

    order_id: UUID


@consumer("payments.orders", "ecommerce.orders.order.created.v1")
def note_orders(events: Sequence[Envelope]) -> None:
    """Payments of orders that never came to be are found by their absence here."""
    services.note_orders(
        order_ids={event.read(OrderNews).order_id for event in events},
        seen_at=max(event.occurred_at for event in events),
    )


@consumer("payments.reversals", "ecommerce.orders.order.canceled.v1")
def give_money_back(events: Sequence[Envelope]) -> None:
    """A cancelled order's money goes back: put down here, delivered by a worker."""
    services.reverse_orders(
        order_ids={event.read(OrderNews).order_id for event in events},
        cause="the order was cancelled",
        seen_at=max(event.occurred_at for event in events),
    )
