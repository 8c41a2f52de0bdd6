"""What the cart does."""

from apps.cart.services._coupons import apply_coupon, remove_coupon
from apps.cart.services._items import add_item, change_item, remove_item, replace_items
from apps.cart.services._ordering import complete_cart, reopen_cart
from apps.cart.services._owning import (
    create_cart,
    delete_cart,
    guest_token_of,
    lock_cart,
    unlock_cart,
)
from apps.cart.services._pouring import merge_carts, merge_guests_carts
from apps.cart.services._reading import checkout_snapshot, get_snapshot
from apps.cart.services._viewing import get_cart, view_cart

__all__ = [
    "add_item",
    "apply_coupon",
    "change_item",
    "checkout_snapshot",
    "complete_cart",
    "create_cart",
    "delete_cart",
    "get_cart",
    "get_snapshot",
    "guest_token_of",
    "lock_cart",
    "merge_carts",
    "merge_guests_carts",
    "remove_coupon",
    "remove_item",
    "reopen_cart",
    "replace_items",
    "unlock_cart",
    "view_cart",
]
