"""Reading carts, and telling why one cannot be changed."""

from typing import Any
from uuid import UUID

from apps.cart.errors import CartChanged, CartClosed, CartEmpty, CartLocked, CartNotFound
from apps.cart.queries import reading
from apps.cart.types import CartSnapshot
from ecommerce.errors import ShopError
from ecommerce.identity import Viewer


def get_snapshot(*, cart_id: UUID, viewer: Viewer) -> CartSnapshot:
    """A cart of the viewer's (or, for staff, anybody's). One statement. Raises CartNotFound."""
    cart = reading.cart_by_id(cart_id)
    if cart is None or not may_see(cart, viewer):
        raise CartNotFound
    return cart


def checkout_snapshot(*, cart_id: UUID, viewer: Viewer) -> CartSnapshot:
    """The cart as checkout freezes it. One statement.

    Raises CartNotFound, CartClosed where it was ordered, merged or deleted, CartEmpty.
    """
    cart = get_snapshot(cart_id=cart_id, viewer=viewer)
    if cart.status not in ("open", "locked"):
        raise CartClosed(cart=told(cart))
    if not cart.lines:
        raise CartEmpty
    return cart


def may_see(cart: CartSnapshot, viewer: Viewer) -> bool:
    return viewer.is_staff or viewer.owns(
        user_id=cart.customer_id, guest_token_hash=cart.guest_token_hash
    )


def why_not(cart_id: UUID, viewer: Viewer, *, expected: int | None) -> ShopError:
    """After a guarded update met no row: the refusal that tells why."""
    cart = reading.cart_by_id(cart_id)
    if cart is None or not may_see(cart, viewer):
        return CartNotFound()
    return refusal_of(cart, expected=expected)


def refusal_of(cart: CartSnapshot, *, expected: int | None) -> ShopError:
    if cart.status == "locked":
        return CartLocked(cart=told(cart))
    if cart.status != "open":
        return CartClosed(cart=told(cart))
    stale = f"You meant version {expected}, it is at {cart.version}" if expected else ""
    return CartChanged(stale, cart=told(cart))


def told(cart: CartSnapshot) -> dict[str, Any]:
    """The cart as a fact of a refusal, so that the caller can merge and try again."""
    return {
        "id": str(cart.id),
        "version": cart.version,
        "status": cart.status,
        "coupon_codes": list(cart.coupon_codes),
        "items": [
            {"id": str(line.line_id), "sku_id": str(line.sku_id), "quantity": line.quantity}
            for line in cart.lines
        ],
    }
