"""Small builders of orders, stock included."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from factory.base import Factory
from factory.declarations import LazyAttribute, LazyFunction

from apps.inventory import services as inventory
from apps.inventory.types import ReserveStock, StockLine
from apps.orders import services
from apps.orders.types import Address, Order, PlaceOrder, PlaceOrderLine
from ecommerce.identity import CUSTOMER, OPERATOR, Viewer
from ecommerce.ids import new_id

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

fresh: Callable[[Callable[[], Any]], Any] = LazyFunction
computed: Callable[[Callable[[Any], Any]], Any] = LazyAttribute
"""Values that are made for each, and those that follow from others; factory-boy leaves them untyped."""


def customer() -> Viewer:
    return Viewer(user_id=new_id(), roles=frozenset({CUSTOMER}))


def operator() -> Viewer:
    return Viewer(user_id=new_id(), roles=frozenset({OPERATOR}))


class AddressFactory(Factory[Address]):
    """Ada's, in London."""

    class Meta:
        model = Address

    name = "Ada Byron"
    line1 = "1 Dorset Street"
    city = "London"
    postal_code = "W1U 4EG"
    country = "GB"


class LineFactory(Factory[PlaceOrderLine]):
    """A mug for ten euro with 20 % tax in its price; its sums follow from what is given."""

    class Meta:
        model = PlaceOrderLine

    line_id = fresh(new_id)
    sku_id = fresh(new_id)
    sku_code = "MUG"
    product_id = fresh(new_id)
    title = computed(lambda line: f"A {line.sku_code.lower()}")
    seller = "house"
    quantity = 1
    unit_price_minor = 1000
    subtotal_minor = computed(lambda line: line.unit_price_minor * line.quantity)
    discount_minor = 0
    tax_minor = computed(lambda line: line.total_minor // 6)
    tax_rate = Decimal("20")
    total_minor = computed(lambda line: line.subtotal_minor - line.discount_minor)


class PlaceOrderFactory(Factory[PlaceOrder]):
    """A sale of one line to somebody (``viewer``); its sums follow from its lines."""

    class Meta:
        model = PlaceOrder

    class Params:
        viewer = fresh(customer)

    order_id = fresh(new_id)
    checkout_id = fresh(new_id)
    quote_id = fresh(new_id)
    payment_id = fresh(new_id)
    customer_id = computed(lambda order: order.viewer.user_id)
    guest_token_hash = computed(lambda order: order.viewer.guest_token_hash)
    email = "ada@example.com"
    currency = "EUR"
    lines = fresh(lambda: (LineFactory.build(),))
    subtotal_minor = computed(lambda order: sum(line.subtotal_minor for line in order.lines))
    discount_minor = computed(lambda order: sum(line.discount_minor for line in order.lines))
    shipping_minor = 490
    shipping_tax_minor = computed(lambda order: order.shipping_minor // 6)
    tax_minor = computed(
        lambda order: sum(line.tax_minor for line in order.lines) + order.shipping_tax_minor
    )
    total_minor = computed(
        lambda order: sum(line.total_minor for line in order.lines) + order.shipping_minor
    )
    prices_include_tax = True
    shipping_address = fresh(AddressFactory.build)
    billing_address = fresh(AddressFactory.build)
    shipping_method = "standard"
    placed_at = NOW


def line_of(
    code: str = "MUG",
    *,
    quantity: int = 1,
    unit: int = 1000,
    discount: int = 0,
    **changes: Any,
) -> PlaceOrderLine:
    """So many of it."""
    return LineFactory.build(
        sku_code=code, quantity=quantity, unit_price_minor=unit, discount_minor=discount, **changes
    )


def order_of(
    *lines: PlaceOrderLine, viewer: Viewer | None = None, shipping: int = 490, **changes: Any
) -> PlaceOrder:
    """The command that places an order of these lines."""
    return PlaceOrderFactory.build(
        lines=lines or (line_of(),),
        viewer=viewer or customer(),
        shipping_minor=shipping,
        **changes,
    )


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
