"""Pouring one cart into another, as when a guest signs in."""

from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction

from apps.cart.domain.merge import merged_lines
from apps.cart.errors import CartClosed, CartLocked, CartNotFound, NothingToMerge, NotSoldThere
from apps.cart.events import CartMerged
from apps.cart.queries import reading, writing
from apps.cart.services._facts import facts_of
from apps.cart.services._owning import create_cart
from apps.cart.services._reading import get_snapshot, refusal_of
from apps.cart.types import (
    MAX_COUPONS,
    CartSnapshot,
    CreateCart,
    MergeCarts,
    MergedLine,
    MergeReport,
)
from ecommerce.events import publish
from ecommerce.identity import SYSTEM, Viewer

log = structlog.get_logger(__name__)


@transaction.atomic(savepoint=False)
def merge_carts(command: MergeCarts, *, now: datetime) -> MergeReport:
    """Pour a guest's cart into the signed-in customer's; the guest's is closed.

    The viewer proves both: an account, and the guest's token. Quantities add up to the limit of a line
    (``sum``) or the customer's stand (``preferAuth``). Repeating it changes nothing and reports no lines.
    Raises NothingToMerge, CartNotFound, CartLocked, CartClosed.
    """
    viewer = command.viewer
    if viewer.user_id is None:
        raise NothingToMerge
    guests = _guests_cart(command.guest_cart_id, viewer)
    if guests.merged_into is not None:
        return MergeReport(cart=get_snapshot(cart_id=guests.merged_into, viewer=viewer))
    mine = create_cart(
        CreateCart(
            viewer=Viewer(user_id=viewer.user_id),
            channel=guests.channel,
            currency=guests.currency,
            locale=guests.locale,
            country=guests.country or "",
            region=guests.region or "",
        ),
        now=now,
    )
    lines = pour(guests.id, into=mine.cart.id, strategy=command.strategy, standing="open")
    return MergeReport(cart=get_snapshot(cart_id=mine.cart.id, viewer=viewer), lines=lines)


def merge_guests_carts(*, user_id: UUID, guest_token_hash: str, now: datetime) -> None:
    """A guest signed in: what they filled is poured into the customer's carts, as by ``merge_carts``.

    A cart that cannot be merged now (one of the two is being paid for, the channel closed) stays the
    guest's as it is, to be had by the token and merged another time. Repeating it changes nothing.
    """
    viewer = Viewer(user_id=user_id, guest_token_hash=guest_token_hash)
    for cart_id in reading.open_carts_of_guest(guest_token_hash):
        try:
            with transaction.atomic():
                merge_carts(MergeCarts(viewer=viewer, guest_cart_id=cart_id), now=now)
        except (CartClosed, CartLocked, NotSoldThere) as refusal:
            log.info("cart.guests_cart_stays", cart_id=str(cart_id), why=refusal.code)


def pour(source_id: UUID, *, into: UUID, strategy: str, standing: str) -> tuple[MergedLine, ...]:
    """Inside a transaction: close a cart that is in that state, and let the other hold its lines and coupons.

    Nothing happens where it was poured away before. Raises CartLocked, CartClosed.
    """
    writing.lock_both(source_id, into)
    source, target = reading.cart_by_id(source_id), reading.cart_by_id(into)
    if source is None or target is None:
        raise CartNotFound
    if source.merged_into is not None:
        return ()
    for cart, wanted in ((source, standing), (target, "open")):
        if cart.status != wanted:
            raise refusal_of(cart, expected=None)
    lines = merged_lines(_quantities(target), _quantities(source), strategy=strategy)
    writing.set_lines(into, {line.sku_id: line.quantity for line in lines if line.quantity})
    coupons = list(dict.fromkeys((*target.coupon_codes, *source.coupon_codes)))[:MAX_COUPONS]
    touched = writing.touch(into, SYSTEM, expected=target.version, coupon_codes=coupons)
    writing.pour_away(source_id, into=into)
    if touched is not None:
        publish(CartMerged(**facts_of(touched), from_cart_id=source_id, strategy=strategy))
    return lines


def _guests_cart(cart_id: UUID, viewer: Viewer) -> CartSnapshot:
    cart = reading.cart_by_id(cart_id)
    if cart is None or cart.customer_id is not None:
        raise CartNotFound
    if not viewer.owns(user_id=None, guest_token_hash=cart.guest_token_hash):
        raise CartNotFound
    return cart


def _quantities(cart: CartSnapshot) -> dict[UUID, int]:
    return {line.sku_id: line.quantity for line in cart.lines}
