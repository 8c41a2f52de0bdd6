"""Small builders of orders, stock included."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.inventory import services as inventory
from apps.inventory.types import ReserveStock, StockLine
from apps.orders import services
from apps.orders.types import Address, Order, PlaceOrder, PlaceOrderLine
from ecommerce.identity import CUSTOMER, OPERATOR, Viewer
from ecommerce.ids import new_id

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOME = Address(
    name="Ada Byron", line1="1 Dorset Street", city="London", postal_code="W1U 4EG", country="GB"
)


def customer() -> Viewer:
    return Viewer(user_id=new_id(), roles=frozenset({CUSTOMER}))


def operator() -> Viewer:
    return Viewer(user_id=new_id(), roles=frozenset({OPERATOR}))


def line_of(
    code: str = "MUG",
    *,
    quantity: int = 1,
    unit: int = 1000,
    discount: int = 0,
    seller: str = "house",
    sku_id: UUID | None = None,
) -> PlaceOrderLine:
    """A line with 20 % tax in its price."""
    subtotal = unit * quantity
    total = subtotal - discount
    return PlaceOrderLine(
        line_id=new_id(),
        sku_id=sku_id or new_id(),
        sku_code=code,
        product_id=new_id(),
        title=f"A {code.lower()}",
        seller=seller,
        quantity=quantity,
        unit_price_minor=unit,
        subtotal_minor=subtotal,
        discount_minor=discount,
        tax_minor=total // 6,
        tax_rate=Decimal("20"),
        total_minor=total,
    )


def order_of(
    *lines: PlaceOrderLine, viewer: Viewer | None = None, shipping: int = 490, **changes: Any
) -> PlaceOrder:
    """The command that places an order of these lines."""
    lines = lines or (line_of(),)
    owner = viewer or customer()
    command = PlaceOrder(
        order_id=new_id(),
        checkout_id=new_id(),
        quote_id=new_id(),
        payment_id=new_id(),
        customer_id=owner.user_id,
        guest_token_hash=owner.guest_token_hash,
        email="ada@example.com",
        currency="EUR",
        lines=lines,
        subtotal_minor=sum(line.subtotal_minor for line in lines),
        discount_minor=sum(line.discount_minor for line in lines),
        shipping_minor=shipping,
        shipping_tax_minor=shipping // 6,
        tax_minor=sum(line.tax_minor for line in lines) + shipping // 6,
        total_minor=sum(line.total_minor for line in lines) + shipping,
        prices_include_tax=True,
        shipping_address=HOME,
        billing_address=HOME,
        shipping_method="standard",
        placed_at=NOW,
    )
    return replace(command, **changes)


def placed(*lines: PlaceOrderLine, viewer: Viewer | None = None, **changes: Any) -> Order:
    """A PENDING order."""
    return services.place_order(order_of(*lines, viewer=viewer, **changes))


def paid(*lines: PlaceOrderLine, viewer: Viewer | None = None, **changes: Any) -> Order:
    """A PAID order."""
    order = placed(*lines, viewer=viewer, **changes)
    services.confirm_order(order_id=order.id, now=NOW)
    return services.mark_paid(order_id=order.id, payment_id=order.payment_id, now=NOW)


def stocked_and_paid(
    quantity: int = 2, *, stock: int = 5, viewer: Viewer | None = None
) -> tuple[Order, UUID]:
    """A PAID order whose stock is allocated, and its SKU."""
    line = line_of(quantity=quantity)
    inventory.receive_stock(sku_id=line.sku_id, quantity=stock)
    order = placed(line, viewer=viewer)
    inventory.reserve_stock(
        ReserveStock(order_id=order.id, lines=(StockLine(sku_id=line.sku_id, quantity=quantity),))
    )
    services.confirm_order(order_id=order.id, now=NOW)
    inventory.confirm_reservation(order_id=order.id, now=NOW)
    services.mark_paid(order_id=order.id, payment_id=order.payment_id, now=NOW)
    return order, line.sku_id
