"""The ways the cart can say no."""

from ecommerce.errors import Conflict, Invalid, NotFound


class CartNotFound(NotFound):
    """No such cart, or none of the caller's."""

    code = "cart/not-found"
    title = "No such cart"


class ItemNotFound(NotFound):
    code = "cart/item-not-found"
    title = "No such item in the cart"


class CartChanged(Conflict):
    """Someone changed the cart since the caller read it; facts: ``cart``, as it is now."""

    code = "cart/changed"
    title = "The cart was changed in the meantime"


class CartLocked(Conflict):
    """The cart is being paid for; facts: ``cart``."""

    code = "cart/locked"
    title = "The cart is locked"


class CartClosed(Conflict):
    """The cart was ordered, merged or deleted; facts: ``cart``."""

    code = "cart/closed"
    title = "The cart is closed"


class NotSoldThere(Invalid):
    """No such channel, or not in that currency; facts: ``currencies`` of the channel."""

    code = "cart/not-sold-there"
    title = "The shop does not sell that way"


class CartEmpty(Invalid):
    code = "cart/empty"
    title = "The cart is empty"


class NotSellable(Invalid):
    """No such SKU, or none that is for sale; facts: ``skus``."""

    code = "cart/not-sellable"
    title = "Not for sale"


class TooManyOfIt(Invalid):
    """More of one SKU than a cart holds; facts: ``maximum``."""

    code = "cart/quantity-limit"
    title = "Too many of it"


class TooManyLines(Invalid):
    """More lines than a cart holds; facts: ``maximum``."""

    code = "cart/line-limit"
    title = "The cart is full"


class CouponNotUsable(Invalid):
    """The code gives nothing for this cart; facts: ``coupon_code``, ``reason``."""

    code = "cart/coupon-not-usable"
    title = "The coupon cannot be used"


class NothingToMerge(Invalid):
    code = "cart/merge-needs-customer"
    title = "Only a signed-in customer has a cart to merge into"
