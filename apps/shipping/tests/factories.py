"""Orders that are paid, and how far the warehouse is with them."""

from datetime import UTC, datetime
from uuid import UUID

from apps.catalog import services as catalog
from apps.catalog.types import ProductFields, SkuFields
from apps.inventory import services as inventory
from apps.inventory.types import ReserveStock, StockLine
from apps.orders import services as orders
from apps.orders.tests.factories import AddressFactory, LineFactory, PlaceOrderFactory
from apps.orders.types import Order
from apps.shipping import services
from apps.shipping.types import Fulfilment, SaveShippingMethod, WeightBand
from ecommerce.events.testing import drain
from ecommerce.identity import CUSTOMER, OPERATOR, SYSTEM, Viewer
from ecommerce.ids import new_id

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BOSS = Viewer(user_id=new_id(), roles=frozenset({OPERATOR}))
HOME = AddressFactory.build(city="Amsterdam", postal_code="1011 AB", country="NL")


def customer() -> Viewer:
    return Viewer(user_id=new_id(), roles=frozenset({CUSTOMER}))


def method(code: str = "standard", *, position: int = 0, **bands: int) -> None:
    """A way of sending; bands are ``up_to_1000=490``."""
    services.save_shipping_method(
        SaveShippingMethod(
            code=code,
            name=code.title(),
            position=position,
            bands=tuple(
                WeightBand(max_weight_grams=int(name.split("_")[2]), price_minor=price)
                for name, price in (bands or {"up_to_30000": 490}).items()
            ),
        )
    )


def sku(code: str, *, grams: int | None = 300, stock: int = 10) -> UUID:
    """A SKU of a published product, so much of it in stock."""
    product = catalog.create_product(
        ProductFields(title=f"The {code}"), now=NOW, skus=[SkuFields(code=code, weight_grams=grams)]
    )
    catalog.publish_product(product_id=product.product_id, viewer=SYSTEM, now=NOW)
    if stock:
        inventory.receive_stock(sku_id=product.skus[0].sku_id, quantity=stock)
    return product.skus[0].sku_id


def paid_order(viewer: Viewer | None = None, *, quantity: int = 2, code: str = "MUG") -> Order:
    """A paid order of so many mugs, their stock allocated."""
    mugs = LineFactory.build(sku_id=sku(code), sku_code=code, quantity=quantity)
    order = orders.place_order(
        PlaceOrderFactory.build(
            viewer=viewer or customer(), lines=(mugs,), shipping_address=HOME, placed_at=NOW
        )
    )
    line = StockLine(sku_id=order.lines[0].sku_id, quantity=quantity)
    inventory.reserve_stock(ReserveStock(order_id=order.id, lines=(line,)))
    orders.confirm_order(order_id=order.id, now=NOW)
    inventory.confirm_reservation(order_id=order.id, now=NOW)
    return orders.mark_paid(order_id=order.id, payment_id=order.payment_id, now=NOW)


def requested(viewer: Viewer | None = None, *, quantity: int = 2) -> Fulfilment:
    """What the warehouse hears of a paid order."""
    order = paid_order(viewer, quantity=quantity)
    drain()
    return services.fulfilment_of_order(order_id=order.id, viewer=SYSTEM)


def packed(viewer: Viewer | None = None, *, quantity: int = 2) -> Fulfilment:
    """Picked and packed."""
    fulfilment = requested(viewer, quantity=quantity)
    services.start_picking(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)
    return services.finish_packing(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)


def shipped(viewer: Viewer | None = None) -> Fulfilment:
    """On its way."""
    return services.ship_fulfilment(fulfillment_id=packed(viewer).id, viewer=BOSS, now=NOW)


def order_status(order_id: UUID) -> str:
    return orders.get_order(order_id=order_id, viewer=SYSTEM).status
