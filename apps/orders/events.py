"""What the orders room announces. Ids, amounts and the country it goes to: no name, address or e-mail."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ecommerce.events.registry import event


@dataclass(frozen=True, kw_only=True, slots=True)
class SoldLine:
    """A line of the order, in minor units of the order's currency."""

    line_id: UUID
    sku_id: UUID
    sku_code: str
    product_id: UUID
    seller: str
    quantity: int
    unit_price_minor: int
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    total_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderFacts:
    """What every event of an order carries: enough to count sales without asking anyone."""

    order_id: UUID
    number: str
    status: str
    previous_status: str | None
    version: int
    checkout_id: UUID
    payment_id: UUID
    customer_id: UUID | None
    merchant: str
    channel: str
    locale: str
    currency: str
    prices_include_tax: bool
    subtotal_minor: int
    discount_minor: int
    shipping_minor: int
    shipping_tax_minor: int
    tax_minor: int
    total_minor: int
    shipping_method: str
    coupon_codes: tuple[str, ...]
    lines: tuple[SoldLine, ...]
    placed_at: datetime
    occurred_at: datetime
    shipping_country: str | None = None


@event("ecommerce.orders.order.created.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class OrderCreated(OrderFacts):
    """A sale was written down and waits for its payment."""


@event("ecommerce.orders.order.updated.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class OrderUpdated(OrderFacts):
    """Something but the status changed: the warehouse began or gave the order back, money went back."""

    fulfilment_started: bool
    payment_status: str = ""
    refunded_minor: int = 0


@event("ecommerce.orders.order.confirmed.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class OrderConfirmed(OrderFacts):
    """The payment is authorized and the stock is the order's."""


@event("ecommerce.orders.order.paid.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class OrderPaid(OrderFacts):
    """The money is taken: the warehouse may start."""


@event("ecommerce.orders.order.canceled.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class OrderCanceled(OrderFacts):
    """The order is off: stock and coupons went back, and the money has to."""

    reason: str


@event("ecommerce.orders.order.fulfilled.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class OrderFulfilled(OrderFacts):
    """Everything left the warehouse."""


@event("ecommerce.orders.order.completed.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class OrderCompleted(OrderFacts):
    """Everything arrived."""
