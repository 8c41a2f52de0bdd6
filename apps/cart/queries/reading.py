"""Reading a cart with its lines in one statement."""

from typing import Any
from uuid import UUID

from django.db import connection

from apps.cart.types import CartLine, CartSnapshot
from ecommerce.sql import fetch_all

_COLUMNS = """c.id, c.version, c.status, c.channel, c.currency, c.locale, c.country, c.region,
       c.customer_id, c.guest_token_hash, c.coupon_codes, c.order_id, c.merged_into,
       c.created_at, c.updated_at"""

_CART = f"""
SELECT {_COLUMNS},
       array_agg(i.id ORDER BY i.added_at, i.id), array_agg(i.sku_id ORDER BY i.added_at, i.id),
       array_agg(i.quantity ORDER BY i.added_at, i.id)
FROM cart_cart c LEFT JOIN cart_cartitem i ON i.cart_id = c.id
WHERE {{condition}}
GROUP BY c.id
"""
_BY_ID = _CART.format(condition="c.id = %(id)s")
_OPEN_OF_OWNER = _CART.format(
    condition="""c.channel = %(channel)s AND c.status IN ('open', 'locked')
      AND (c.customer_id = %(customer)s OR (c.guest_token_hash = %(guest)s AND c.guest_token_hash <> ''))"""
)


_OPEN_OF_GUEST = """
SELECT id FROM cart_cart
WHERE guest_token_hash = %(guest)s AND guest_token_hash <> '' AND status = 'open'
ORDER BY id
"""


def cart_by_id(cart_id: UUID) -> CartSnapshot | None:
    return _first(_BY_ID, id=cart_id)


def open_cart_of(
    *, customer_id: UUID | None, guest_token_hash: str, channel: str
) -> CartSnapshot | None:
    """The cart that the owner is filling (or paying for) on a channel."""
    return _first(_OPEN_OF_OWNER, customer=customer_id, guest=guest_token_hash, channel=channel)


def open_carts_of_guest(guest_token_hash: str) -> list[UUID]:
    """Those that the guest is filling, on any channel."""
    return [cart_id for (cart_id,) in fetch_all(_OPEN_OF_GUEST, guest=guest_token_hash)]


def _first(sql: str, **parameters: Any) -> CartSnapshot | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
    return _snapshot(*row) if row else None


def _snapshot(*row: Any) -> CartSnapshot:
    line_ids, sku_ids, quantities = row[15:]
    return CartSnapshot(
        id=row[0],
        version=row[1],
        status=row[2],
        channel=row[3],
        currency=row[4],
        locale=row[5],
        country=row[6] or None,
        region=row[7] or None,
        customer_id=row[8],
        guest_token_hash=row[9] or None,
        coupon_codes=tuple(row[10]),
        order_id=row[11],
        merged_into=row[12],
        created_at=row[13],
        updated_at=row[14],
        lines=tuple(
            CartLine(line_id=line_id, sku_id=sku_id, quantity=quantity)
            for line_id, sku_id, quantity in zip(line_ids, sku_ids, quantities, strict=True)
            if line_id is not None
        ),
    )
