"""Something to buy, and someone who buys it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from factory.base import Factory

from apps.cart import services as cart
from apps.cart.types import AddItem, CreateCart
from apps.catalog import services as catalog
from apps.catalog.types import ProductFields, SkuFields
from apps.checkout import services
from apps.checkout.models import Saga as SagaRow
from apps.checkout.types import Checkout, Confirmation, ConfirmCheckout, StartCheckout
from apps.inventory import services as inventory
from apps.orders import services as orders
from apps.orders.tests.factories import AddressFactory
from apps.pricing import services as pricing
from apps.pricing.types import CreateTaxRate, PriceRow, SetPrices
from apps.shipping import services as shipping
from apps.shipping.types import SaveShippingMethod, WeightBand
from ecommerce import clock, steps
from ecommerce.identity import CUSTOMER, OPERATOR, SYSTEM, Viewer
from ecommerce.ids import new_id

HOME = AddressFactory.build(city="Amsterdam", postal_code="1011 AB", country="NL")


class StartCheckoutFactory(Factory[StartCheckout]):
    """A cart is to be sent to Ada in Amsterdam."""

    class Meta:
        model = StartCheckout

    email = "ada@example.com"
    shipping_address = HOME
    billing_address = None
    shipping_method = "standard"
    payment_method = "tok_visa"


class Died(BaseException):
    """The process is gone: no handler of ours sees it, as none sees a SIGKILL."""


@dataclass(frozen=True)
class Stock:
    """What is left of a SKU."""

    available: int
    on_hand: int
    reserved: int
    allocated: int


def open_shop() -> None:
    """A tax, and a way of sending."""
    pricing.create_tax_rate(
        CreateTaxRate(
            country="NL", tax_class="standard", rate=Decimal("21"), name="BTW",
            valid_from=clock.now().replace(year=2020),
        ),
        now=clock.now(),
    )  # fmt: skip
    shipping.save_shipping_method(
        SaveShippingMethod(
            code="standard",
            name="Standard",
            bands=(
                WeightBand(max_weight_grams=1000, price_minor=490),
                WeightBand(max_weight_grams=30000, price_minor=990),
            ),
        )
    )


def for_sale(code: str = "MUG", *, price: int = 1000, stock: int = 10, grams: int = 300) -> UUID:
    """A published product's one SKU, priced in euro, so much of it in stock."""
    now = clock.now()
    product = catalog.create_product(
        ProductFields(title=f"The {code}"), now=now, skus=[SkuFields(code=code, weight_grams=grams)]
    )
    catalog.publish_product(product_id=product.product_id, viewer=SYSTEM, now=now)
    sku_id = product.skus[0].sku_id
    prices = pricing.ensure_price_list(channel="web", currency="EUR", now=now)
    row = PriceRow(sku_id=sku_id, amount_minor=price)
    pricing.set_prices(SetPrices(price_list_id=prices.id, rows=(row,)), now=now)
    if stock:
        inventory.receive_stock(sku_id=sku_id, quantity=stock)
    return sku_id


def customer() -> Viewer:
    return Viewer(user_id=new_id(), roles=frozenset({CUSTOMER}))


def operator() -> Viewer:
    return Viewer(user_id=new_id(), roles=frozenset({OPERATOR}))


def filled_cart(viewer: Viewer, *skus: tuple[UUID, int]) -> UUID:
    """The viewer's cart with these in it."""
    made = cart.create_cart(CreateCart(viewer=viewer), now=clock.now()).cart
    for sku_id, quantity in skus:
        cart.add_item(
            AddItem(cart_id=made.id, viewer=viewer, sku=sku_id, quantity=quantity),
            now=clock.now(),
        )
    return made.id


def wish(viewer: Viewer, cart_id: UUID, **changes: Any) -> StartCheckout:
    """The command that prices the cart."""
    return StartCheckoutFactory.build(cart_id=cart_id, viewer=viewer, **changes)


def started(
    viewer: Viewer, *skus: tuple[UUID, int], method: str = "tok_visa", **changes: Any
) -> Checkout:
    """An open checkout of these."""
    command = wish(viewer, filled_cart(viewer, *skus), payment_method=method, **changes)
    return services.start_checkout(command, now=clock.now())


def confirmed(viewer: Viewer, checkout: Checkout, method: str | None = None) -> Confirmation:
    """Buy it."""
    command = ConfirmCheckout(checkout_id=checkout.id, viewer=viewer, payment_method=method)
    return services.confirm_checkout(command, now=clock.now())


def stock(sku_id: UUID) -> Stock:
    """What the shelves say."""
    seen = inventory.availability(sku_ids=[sku_id])[sku_id]
    return Stock(seen.available, seen.on_hand, seen.reserved, seen.allocated)


def order_statuses() -> list[str]:
    """Where the orders stand, oldest first."""
    ids = list(SagaRow.objects.order_by("id").values_list("order_id", flat=True))
    found = orders.statuses_of(order_ids=ids)
    return [found[order_id] for order_id in ids]


def resume() -> int:
    """A worker comes by after every lease has run out and every wait is over."""
    SagaRow.objects.update(lease_until=None, next_attempt_at=clock.now().replace(year=2020))
    return services.resume_sagas(now=clock.now())


@contextmanager
def death_at(place: str) -> Iterator[None]:
    """Within it, the process dies when it reaches the place."""

    def die() -> None:
        steps.arm(None)
        raise Died(place)

    steps.arm(place, die)
    try:
        yield
    finally:
        steps.arm(None)


def dies(work: Callable[[], object]) -> bool:
    """Run it; did the process die on the way?"""
    try:
        work()
    except Died:
        return True
    return False
