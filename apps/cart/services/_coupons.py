"""Coupons on the cart: taken where they have an effect, given back on demand."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.cart.errors import CouponNotUsable
from apps.cart.queries import writing
from apps.cart.services._facts import updated
from apps.cart.services._reading import get_snapshot, refusal_of, why_not
from apps.cart.services._viewing import price
from apps.cart.types import MAX_COUPONS, CartSnapshot
from apps.catalog.services import find_skus
from apps.pricing.services import normal_code
from apps.pricing.types import Quote
from ecommerce.events import publish
from ecommerce.identity import Viewer


@transaction.atomic(savepoint=False)
def apply_coupon(
    *, cart_id: UUID, code: str, viewer: Viewer, now: datetime, version: int | None = None
) -> CartSnapshot:
    """Keep a code with the cart, if it brings something today. Nothing is held: that is the order's business.

    Repeating it changes nothing. Raises CouponNotUsable with the reason, CartChanged and its like.
    """
    cart = get_snapshot(cart_id=cart_id, viewer=viewer)
    if cart.status != "open" or (version is not None and version != cart.version):
        raise refusal_of(cart, expected=version)
    name = normal_code(code)
    if name and name in cart.coupon_codes:
        return cart
    if len(cart.coupon_codes) >= MAX_COUPONS:
        raise CouponNotUsable(f"At most {MAX_COUPONS} coupons", reason="too-many")
    skus = find_skus(ids={line.sku_id for line in cart.lines})
    quote = price(cart, skus, coupon_codes=(*cart.coupon_codes, name), now=now)
    if quote is None or name not in quote.coupon_codes:
        raise _refusal(name, quote)
    return _keep(cart, (*cart.coupon_codes, name), viewer, now)


@transaction.atomic(savepoint=False)
def remove_coupon(
    *, cart_id: UUID, code: str, viewer: Viewer, now: datetime, version: int | None = None
) -> CartSnapshot:
    """Forget a code. Repeating it changes nothing. Raises CartChanged and its like."""
    cart = get_snapshot(cart_id=cart_id, viewer=viewer)
    if cart.status != "open" or (version is not None and version != cart.version):
        raise refusal_of(cart, expected=version)
    rest = tuple(kept for kept in cart.coupon_codes if kept != normal_code(code))
    return cart if rest == cart.coupon_codes else _keep(cart, rest, viewer, now)


def _keep(
    cart: CartSnapshot, codes: tuple[str, ...], viewer: Viewer, now: datetime
) -> CartSnapshot:
    kept = writing.touch(cart.id, viewer, now=now, expected=cart.version, coupon_codes=codes)
    if kept is None:
        raise why_not(cart.id, viewer, expected=cart.version)
    publish(updated(kept))
    return get_snapshot(cart_id=cart.id, viewer=viewer)


def _refusal(code: str, quote: Quote | None) -> CouponNotUsable:
    for reason in quote.reasons if quote else ():
        if code and reason.rule.endswith(f"coupon:{code}"):
            return CouponNotUsable(reason.why, coupon_code=code, reason=reason.code)
    if quote is None:
        return CouponNotUsable("The cart is empty", coupon_code=code, reason="empty")
    return CouponNotUsable("There is no such code", coupon_code=code, reason="coupon-unknown")
