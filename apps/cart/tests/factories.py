"""Small builders for the cart's tests: things for sale, with a price and stock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

import pytest
from django.db import transaction

from apps.cart import services
from apps.cart.types import AddItem, CartSnapshot, CreateCart, CreatedCart
from apps.catalog import services as catalog
from apps.catalog.types import ProductFields, SkuFields
from apps.inventory import services as inventory
from apps.pricing import services as pricing
from apps.pricing.types import PriceRow, SetPrices
from ecommerce.http.views import hash_guest_token
from ecommerce.identity import SYSTEM, Viewer
from ecommerce.ids import new_id

E = TypeVar("E", bound=Exception)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def for_sale(code: str, price: int | None = 1000, *, stock: int = 100) -> UUID:
    """A published product's one SKU, so much of it at the default location, priced in euro."""
    product = catalog.create_product(
        ProductFields(title=f"The {code}"), now=NOW, skus=[SkuFields(code=code)]
    )
    catalog.publish_product(product_id=product.product_id, viewer=SYSTEM, now=NOW)
    sku_id = product.skus[0].sku_id
    if price is not None:
        prices = pricing.ensure_price_list(channel="web", currency="EUR", now=NOW)
        row = PriceRow(sku_id=sku_id, amount_minor=price)
        pricing.set_prices(SetPrices(price_list_id=prices.id, rows=(row,)), now=NOW)
    if stock:
        inventory.receive_stock(sku_id=sku_id, quantity=stock)
    return sku_id


def customer() -> Viewer:
    return Viewer(user_id=new_id(), roles=frozenset({"customer"}))


def guest_with(created: CreatedCart) -> Viewer:
    """The guest who was told the cart's token."""
    assert created.guest_token is not None
    return Viewer(guest_token_hash=hash_guest_token(created.guest_token))


def cart_of(viewer: Viewer, *, country: str = "", **quantities: tuple[UUID, int]) -> CartSnapshot:
    """The viewer's open cart, with these put into it."""
    cart = services.create_cart(CreateCart(viewer=viewer, country=country), now=NOW).cart
    for sku_id, quantity in quantities.values():
        services.add_item(
            AddItem(cart_id=cart.id, viewer=viewer, sku=sku_id, quantity=quantity), now=NOW
        )
    return services.get_snapshot(cart_id=cart.id, viewer=viewer)


def quantities(cart: CartSnapshot) -> dict[UUID, int]:
    return {line.sku_id: line.quantity for line in cart.lines}


@contextmanager
def refused(kind: type[E]) -> "Iterator[pytest.ExceptionInfo[E]]":
    """The refusal, in a transaction that it undoes, as a request's is."""
    with pytest.raises(kind) as refusal, transaction.atomic():
        yield refusal
