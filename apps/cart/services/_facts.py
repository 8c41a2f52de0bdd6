"""A cart as its events tell it."""

from typing import TypedDict
from uuid import UUID

from apps.cart.events import CartUpdated
from apps.cart.queries.writing import Touched
from apps.cart.types import CartLine


class CartFactFields(TypedDict):
    """The fields of CartFacts, by name."""

    cart_id: UUID
    version: int
    channel: str
    currency: str
    customer_id: UUID | None


class ItemFactFields(TypedDict):
    """The fields of ItemFacts, by name."""

    cart_id: UUID
    version: int
    item_id: UUID
    sku_id: UUID
    quantity: int


def facts_of(cart: Touched) -> CartFactFields:
    return CartFactFields(
        cart_id=cart.id,
        version=cart.version,
        channel=cart.channel,
        currency=cart.currency,
        customer_id=cart.customer_id,
    )


def item_facts(cart: Touched, line: CartLine, *, quantity: int | None = None) -> ItemFactFields:
    return ItemFactFields(
        cart_id=cart.id,
        version=cart.version,
        item_id=line.line_id,
        sku_id=line.sku_id,
        quantity=line.quantity if quantity is None else quantity,
    )


def updated(cart: Touched) -> CartUpdated:
    return CartUpdated(
        **facts_of(cart),
        status=cart.status,
        coupon_count=cart.coupon_count,
        order_id=cart.order_id,
    )
