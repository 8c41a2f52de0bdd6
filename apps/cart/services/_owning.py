"""Whose cart it is: opened, locked while it is paid for, deleted."""

import base64
import hashlib
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from apps.accounts.errors import ChannelNotFound
from apps.accounts.services import get_channel
from apps.cart import events
from apps.cart.errors import NotSoldThere
from apps.cart.queries import reading, writing
from apps.cart.services._facts import facts_of
from apps.cart.services._reading import get_snapshot, why_not
from apps.cart.types import CartSnapshot, CreateCart, CreatedCart
from ecommerce.errors import Fault
from ecommerce.events import publish
from ecommerce.identity import Viewer
from ecommerce.ids import new_id


@transaction.atomic(savepoint=False)
def create_cart(command: CreateCart, *, now: datetime) -> CreatedCart:
    """The one open cart that the caller has on the channel: a new one where there is none.

    A guest's new cart comes with a token, the proof that it is theirs; only its hash is kept.
    Raises NotSoldThere.
    """
    command = _as_sold(command)
    viewer = command.viewer
    if viewer.user_id is not None or viewer.guest_token_hash is not None:
        guest_hash = "" if viewer.user_id else viewer.guest_token_hash
        cart = reading.open_cart_of(
            customer_id=viewer.user_id, guest_token_hash=guest_hash or "", channel=command.channel
        )
        if cart is not None:
            return CreatedCart(cart=cart, guest_token=None, created=False)
    return _create(command, now=now)


def guest_token_of(cart_id: UUID) -> str:
    """The token that a guest's cart came with: made from the shop's key, so it need not be stored."""
    digest = salted_hmac("cart.guest-token", str(cart_id), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def lock_cart(
    *, cart_id: UUID, viewer: Viewer, now: datetime, version: int | None = None
) -> CartSnapshot:
    """Nobody changes the cart until it is unlocked. Repeating it changes nothing.

    Raises CartNotFound, CartClosed, CartChanged.
    """
    return _move(cart_id, viewer, "open", "locked", events.CartLocked, now=now, version=version)


def unlock_cart(
    *, cart_id: UUID, viewer: Viewer, now: datetime, version: int | None = None
) -> CartSnapshot:
    """The cart may be changed again. Repeating it changes nothing. Raises as ``lock_cart``."""
    return _move(cart_id, viewer, "locked", "open", events.CartUnlocked, now=now, version=version)


@transaction.atomic(savepoint=False)
def delete_cart(
    *, cart_id: UUID, viewer: Viewer, now: datetime, version: int | None = None
) -> None:
    """The shopper wants the cart no more. Repeating it changes nothing. Raises CartNotFound, CartClosed …"""
    gone = writing.touch(cart_id, viewer, now=now, expected=version, to="deleted")
    if gone is not None:
        publish(events.CartDeleted(**facts_of(gone)))
        return
    if get_snapshot(cart_id=cart_id, viewer=viewer).status != "deleted":
        raise why_not(cart_id, viewer, expected=version)


@transaction.atomic(savepoint=False)
def _move(
    cart_id: UUID,
    viewer: Viewer,
    standing: str,
    to: str,
    fact: type[events.CartLocked] | type[events.CartUnlocked],
    *,
    now: datetime,
    version: int | None,
) -> CartSnapshot:
    moved = writing.touch(cart_id, viewer, now=now, expected=version, standing=(standing,), to=to)
    if moved is not None:
        publish(fact(**facts_of(moved)))
    cart = get_snapshot(cart_id=cart_id, viewer=viewer)
    if moved is None and cart.status != to:
        raise why_not(cart_id, viewer, expected=version)
    return cart


def _as_sold(command: CreateCart) -> CreateCart:
    """With the channel's own currency and locale where none was asked for."""
    try:
        channel = get_channel(command.channel)
    except ChannelNotFound as unknown:
        fault = Fault(pointer="/channel", detail=unknown.detail)
        raise NotSoldThere(unknown.detail, faults=[fault]) from None
    currency = command.currency or channel.currency
    if currency not in channel.currencies:
        detail = f"{channel.name} sells in {', '.join(channel.currencies)}, not in {currency}."
        fault = Fault(pointer="/currency", detail=detail)
        raise NotSoldThere(detail, faults=[fault], currencies=list(channel.currencies))
    return replace(command, currency=currency, locale=command.locale or channel.locale)


def _create(command: CreateCart, *, now: datetime) -> CreatedCart:
    cart_id = new_id()
    token = None if command.viewer.user_id else guest_token_of(cart_id)
    guest_hash = hashlib.sha256(token.encode()).hexdigest() if token else ""
    made = writing.create(
        id=cart_id,
        channel=command.channel,
        currency=command.currency,
        locale=command.locale,
        country=command.country,
        region=command.region,
        customer=command.viewer.user_id,
        guest=guest_hash,
        now=now,
    )
    if made is None:  # somebody was faster: theirs is the one
        return create_cart(command, now=now)
    publish(events.CartCreated(**facts_of(made)))
    return CreatedCart(cart=_empty(command, made, guest_hash, now), guest_token=token, created=True)


def _empty(
    command: CreateCart, made: writing.Touched, guest_hash: str, now: datetime
) -> CartSnapshot:
    return CartSnapshot(
        id=made.id,
        version=made.version,
        status=made.status,
        channel=made.channel,
        currency=made.currency,
        locale=command.locale,
        country=command.country or None,
        region=command.region or None,
        customer_id=made.customer_id,
        guest_token_hash=guest_hash or None,
        coupon_codes=(),
        lines=(),
        order_id=None,
        merged_into=None,
        created_at=now,
        updated_at=now,
    )
