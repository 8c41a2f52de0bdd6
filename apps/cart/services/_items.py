"""Putting things into the cart and taking them out."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.cart.errors import ItemNotFound, NotSellable, TooManyLines, TooManyOfIt
from apps.cart.events import ItemAdded, ItemRemoved, ItemUpdated
from apps.cart.queries import reading, writing
from apps.cart.services._facts import item_facts
from apps.cart.services._reading import why_not
from apps.cart.types import (
    MAX_LINES,
    MAX_QUANTITY,
    AddedItem,
    AddItem,
    CartLine,
    CartSnapshot,
    ChangeItem,
    RemoveItem,
    ReplaceItems,
)
from apps.catalog.services import find_skus
from apps.catalog.types import Sku
from apps.pricing.errors import PriceMissing
from apps.pricing.services import prices_for
from apps.pricing.types import UnitPrice
from ecommerce.errors import ShopError
from ecommerce.events import publish, publish_many
from ecommerce.identity import Viewer
from ecommerce.operations.metrics import CART_ADDITIONS, after_commit


@transaction.atomic(savepoint=False)
def add_item(command: AddItem, *, now: datetime) -> AddedItem:
    """So many more of a SKU: a delta, so that two who add at once both count. Five statements.

    Raises CartNotFound, CartLocked, CartClosed, CartChanged (a stale version), NotSellable,
    PriceMissing, TooManyOfIt, TooManyLines.
    """
    cart = _take(command.cart_id, command.viewer, command.version, now)
    sku = _sellable_one(command.sku)
    price = _priced(cart, [sku.id], now)[sku.id]
    line = writing.add_line(cart.id, sku_id=sku.id, quantity=command.quantity, now=now)
    if line is None:
        raise _limit_of(cart.id, sku.id)
    publish(ItemAdded(**item_facts(cart, line), added=command.quantity))
    after_commit(CART_ADDITIONS)
    return AddedItem(
        cart_id=cart.id,
        version=cart.version,
        line_id=line.line_id,
        sku_id=sku.id,
        sku=sku.code,
        quantity=line.quantity,
        added=command.quantity,
        currency=cart.currency,
        unit_price_minor=price.amount_minor,
        subtotal_minor=price.amount_minor * line.quantity,
    )


@transaction.atomic(savepoint=False)
def change_item(command: ChangeItem, *, now: datetime) -> CartSnapshot:
    """Let a line hold exactly so many. Raises ItemNotFound, TooManyOfIt, and as ``add_item`` does."""
    _check_quantity(command.quantity)
    cart = _take(command.cart_id, command.viewer, command.version, now)
    line = writing.change_line(cart.id, command.line_id, quantity=command.quantity)
    if line is None:
        raise ItemNotFound
    publish(ItemUpdated(**item_facts(cart, line)))
    return _as_it_is(cart.id)


@transaction.atomic(savepoint=False)
def remove_item(command: RemoveItem, *, now: datetime) -> CartSnapshot:
    """Take a line out. Raises ItemNotFound, and as ``add_item`` does."""
    cart = _take(command.cart_id, command.viewer, command.version, now)
    line = writing.remove_line(cart.id, command.line_id)
    if line is None:
        raise ItemNotFound
    publish(ItemRemoved(**item_facts(cart, line, quantity=0)))
    return _as_it_is(cart.id)


@transaction.atomic(savepoint=False)
def replace_items(command: ReplaceItems, *, now: datetime) -> CartSnapshot:
    """Let the cart hold exactly these. A SKU named twice is added up. Lines that stay keep their ids.

    Raises NotSellable and PriceMissing, naming every SKU that does not go, and as ``add_item`` does.
    """
    wanted = Counter[UUID]()
    for item in command.items:
        wanted[item.sku_id] += item.quantity
    for quantity in wanted.values():
        _check_quantity(quantity)
    if len(wanted) > MAX_LINES:
        raise TooManyLines(maximum=MAX_LINES)
    cart = _take(command.cart_id, command.viewer, command.version, now)
    before = {line.sku_id: line.quantity for line in _as_it_is(cart.id).lines}
    _check_sellable(find_skus(ids=wanted), wanted)
    _priced(cart, wanted, now)
    gone = writing.keep_only(cart.id, wanted)
    changed = {sku: quantity for sku, quantity in wanted.items() if before.get(sku) != quantity}
    _tell(cart, gone, writing.set_lines(cart.id, changed, now=now), before)
    return _as_it_is(cart.id)


def _take(cart_id: UUID, viewer: Viewer, version: int | None, now: datetime) -> writing.Touched:
    cart = writing.touch(cart_id, viewer, now=now, expected=version)
    if cart is None:
        raise why_not(cart_id, viewer, expected=version)
    return cart


def _sellable_one(told: UUID | str) -> Sku:
    sku_id = _as_id(told)
    found = find_skus(codes=[str(told)]) if sku_id is None else find_skus(ids=[sku_id])
    sku = next(iter(found.values()), None)
    if sku is None or not sku.sellable:
        raise NotSellable(skus=[str(told)])
    return sku


def _as_id(told: UUID | str) -> UUID | None:
    """A SKU is named by its id or by its code; a code that looks like an id is taken for one."""
    if isinstance(told, UUID):
        return told
    try:
        return UUID(told) if len(told) == 36 else None
    except ValueError:
        return None


def _check_sellable(skus: Mapping[UUID, Sku], wanted: Collection[UUID]) -> None:
    if bad := sorted(str(sku_id) for sku_id in wanted if not _goes(skus.get(sku_id))):
        raise NotSellable(skus=bad)


def _goes(sku: Sku | None) -> bool:
    return sku is not None and sku.sellable


def _priced(
    cart: writing.Touched, sku_ids: Collection[UUID], now: datetime
) -> dict[UUID, UnitPrice]:
    prices = prices_for(sku_ids=sku_ids, channel=cart.channel, currency=cart.currency, now=now)
    if missing := sorted(str(sku_id) for sku_id in sku_ids if sku_id not in prices):
        raise PriceMissing(f"No price in {cart.currency}", sku_ids=missing)
    return prices


def _check_quantity(quantity: int) -> None:
    if not 1 <= quantity <= MAX_QUANTITY:
        raise TooManyOfIt(maximum=MAX_QUANTITY)


def _limit_of(cart_id: UUID, sku_id: UUID) -> ShopError:
    held = {line.sku_id: line.quantity for line in _as_it_is(cart_id).lines}
    if sku_id in held or len(held) < MAX_LINES:
        return TooManyOfIt(maximum=MAX_QUANTITY, in_cart=held.get(sku_id, 0))
    return TooManyLines(maximum=MAX_LINES)


def _as_it_is(cart_id: UUID) -> CartSnapshot:
    cart = reading.cart_by_id(cart_id)
    assert cart is not None  # noqa: S101  # its row is locked by this transaction
    return cart


def _tell(
    cart: writing.Touched, gone: list[CartLine], set_now: list[CartLine], before: Mapping[UUID, int]
) -> None:
    removed = [ItemRemoved(**item_facts(cart, line, quantity=0)) for line in gone]
    updated = [ItemUpdated(**item_facts(cart, line)) for line in set_now if line.sku_id in before]
    added = [
        ItemAdded(**item_facts(cart, line), added=line.quantity)
        for line in set_now
        if line.sku_id not in before
    ]
    publish_many([*removed, *updated, *added])
