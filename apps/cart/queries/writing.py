"""Changing a cart: one guarded statement each, so that no two writers overwrite each other."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.cart.types import MAX_LINES, MAX_QUANTITY, CartLine
from ecommerce.identity import Viewer
from ecommerce.ids import new_id
from ecommerce.sql import fetch_all


@dataclass(frozen=True, slots=True)
class Touched:
    """A cart that was taken for a change: its row stays locked until the transaction ends."""

    id: UUID
    version: int
    status: str
    channel: str
    currency: str
    customer_id: UUID | None
    coupon_count: int
    order_id: UUID | None


_RETURNING = """RETURNING id, version, status, channel, currency, customer_id,
    cardinality(coupon_codes), order_id"""
_MINE = """(%(staff)s OR customer_id = %(user)s
       OR (customer_id IS NULL AND guest_token_hash = %(guest)s AND guest_token_hash <> ''))"""
_AS_EXPECTED = "(%(expected)s::int IS NULL OR version = %(expected)s)"

_TOUCH = f"""
UPDATE cart_cart
SET version = version + 1, updated_at = COALESCE(%(now)s, now()), status = %(to)s,
    coupon_codes = COALESCE(%(coupons)s::text[]::varchar[], coupon_codes)
WHERE id = %(id)s AND status = ANY(%(from)s) AND {_MINE} AND {_AS_EXPECTED}
{_RETURNING}
"""

_COMPLETE = f"""
UPDATE cart_cart SET status = 'completed', order_id = %(order)s, version = version + 1, updated_at = now()
WHERE id = %(id)s AND version = %(expected)s AND status IN ('open', 'locked')
{_RETURNING}
"""

_REOPEN = f"""
UPDATE cart_cart c SET status = 'open', order_id = NULL, version = version + 1, updated_at = now()
WHERE id = %(id)s AND status = 'completed' AND order_id = %(order)s
  AND NOT EXISTS (
    SELECT 1 FROM cart_cart o
    WHERE o.channel = c.channel AND o.status IN ('open', 'locked')
      AND (o.customer_id = c.customer_id
           OR (o.guest_token_hash = c.guest_token_hash AND c.guest_token_hash <> '')))
{_RETURNING}
"""

_CREATE = f"""
INSERT INTO cart_cart (id, channel, currency, locale, country, region, customer_id, guest_token_hash,
                       status, version, coupon_codes, created_at, updated_at)
VALUES (%(id)s, %(channel)s, %(currency)s, %(locale)s, %(country)s, %(region)s, %(customer)s, %(guest)s,
        'open', 1, '{{}}', %(now)s, %(now)s)
ON CONFLICT DO NOTHING
{_RETURNING}
"""

# The cart's row is locked by then, so the count cannot change before the insert.
_ADD = """
INSERT INTO cart_cartitem AS i (id, cart_id, sku_id, quantity, added_at)
SELECT %(id)s, %(cart)s, %(sku)s, %(quantity)s, %(now)s
WHERE (SELECT count(*) FROM cart_cartitem o WHERE o.cart_id = %(cart)s AND o.sku_id <> %(sku)s) < %(lines)s
ON CONFLICT (cart_id, sku_id) DO UPDATE SET quantity = i.quantity + excluded.quantity
WHERE i.quantity + excluded.quantity <= %(most)s
RETURNING id, sku_id, quantity
"""

_SET = """
INSERT INTO cart_cartitem AS i (id, cart_id, sku_id, quantity, added_at)
SELECT w.id, %(cart)s, w.sku_id, w.quantity, COALESCE(%(now)s, now())
FROM unnest(%(ids)s::uuid[], %(skus)s::uuid[], %(quantities)s::int[]) AS w(id, sku_id, quantity)
ON CONFLICT (cart_id, sku_id) DO UPDATE SET quantity = excluded.quantity
RETURNING id, sku_id, quantity
"""

_CHANGE = """
UPDATE cart_cartitem SET quantity = %(quantity)s WHERE id = %(id)s AND cart_id = %(cart)s
RETURNING id, sku_id, quantity
"""

_REMOVE = "DELETE FROM cart_cartitem WHERE id = %(id)s AND cart_id = %(cart)s RETURNING id, sku_id, quantity"

_KEEP_ONLY = """
DELETE FROM cart_cartitem WHERE cart_id = %(cart)s AND NOT (sku_id = ANY(%(skus)s))
RETURNING id, sku_id, quantity
"""

_LOCK_TWO = "SELECT id FROM cart_cart WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE"

_POUR_AWAY = f"""
UPDATE cart_cart SET status = 'merged', merged_into = %(into)s, order_id = NULL, version = version + 1,
       updated_at = now()
WHERE id = %(id)s
{_RETURNING}
"""


def touch(
    cart_id: UUID,
    viewer: Viewer,
    *,
    expected: int | None,
    now: datetime | None = None,
    standing: Sequence[str] = ("open",),
    to: str = "open",
    coupon_codes: Sequence[str] | None = None,
) -> Touched | None:
    """Take a cart of the viewer's for a change, if it is in that state and (if asked) at that version."""
    return _touched(
        _TOUCH,
        id=cart_id,
        now=now,
        to=to,
        coupons=None if coupon_codes is None else list(coupon_codes),
        staff=viewer.is_staff,
        user=viewer.user_id,
        guest=viewer.guest_token_hash or "",
        expected=expected,
        **{"from": list(standing)},
    )


def create(**values: Any) -> Touched | None:
    """None where the owner has an open cart on the channel."""
    return _touched(_CREATE, **values)


def complete(cart_id: UUID, *, version: int, order_id: UUID) -> Touched | None:
    return _touched(_COMPLETE, id=cart_id, expected=version, order=order_id)


def reopen(cart_id: UUID, *, order_id: UUID) -> Touched | None:
    """None where it is not that order's, or where its owner fills another cart by now."""
    return _touched(_REOPEN, id=cart_id, order=order_id)


def pour_away(cart_id: UUID, *, into: UUID) -> Touched | None:
    return _touched(_POUR_AWAY, id=cart_id, into=into)


def lock_both(*cart_ids: UUID) -> None:
    """In id order, as everywhere."""
    fetch_all(_LOCK_TWO, ids=list(cart_ids))


def add_line(cart_id: UUID, *, sku_id: UUID, quantity: int, now: datetime) -> CartLine | None:
    """So many more of a SKU; None where the line or the cart would grow past its limit."""
    lines = _lines(
        _ADD,
        id=new_id(),
        cart=cart_id,
        sku=sku_id,
        quantity=quantity,
        now=now,
        lines=MAX_LINES,
        most=MAX_QUANTITY,
    )
    return lines[0] if lines else None


def set_lines(
    cart_id: UUID, quantities: Mapping[UUID, int], *, now: datetime | None = None
) -> list[CartLine]:
    """Exactly so many of each SKU."""
    if not quantities:
        return []
    return _lines(
        _SET,
        cart=cart_id,
        ids=[new_id() for _ in quantities],
        skus=list(quantities),
        quantities=list(quantities.values()),
        now=now,
    )


def change_line(cart_id: UUID, line_id: UUID, *, quantity: int) -> CartLine | None:
    lines = _lines(_CHANGE, cart=cart_id, id=line_id, quantity=quantity)
    return lines[0] if lines else None


def remove_line(cart_id: UUID, line_id: UUID) -> CartLine | None:
    lines = _lines(_REMOVE, cart=cart_id, id=line_id)
    return lines[0] if lines else None


def keep_only(cart_id: UUID, sku_ids: Collection[UUID]) -> list[CartLine]:
    """The lines that went."""
    return _lines(_KEEP_ONLY, cart=cart_id, skus=list(sku_ids))


def _touched(sql: str, **parameters: Any) -> Touched | None:
    rows = fetch_all(sql, **parameters)
    return Touched(*rows[0]) if rows else None


def _lines(sql: str, **parameters: Any) -> list[CartLine]:
    return [
        CartLine(line_id=line_id, sku_id=sku_id, quantity=quantity)
        for line_id, sku_id, quantity in fetch_all(sql, **parameters)
    ]
