"""Reads of orders, and the few statements that SQL says better than the ORM.

An order is placed, moved and read with one statement each: the checkout that waits for them is the
one place of this room where round trips count.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Sum

from apps.orders.domain.paying import PaymentStatus
from apps.orders.domain.transitions import Status
from apps.orders.models import Order, OrderLine, OrderStatusChange
from ecommerce.identity import Viewer


class LineRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of order lines."""

    id: UUID
    sku_id: UUID
    sku_code: str
    product_id: UUID
    title: str
    seller: str
    quantity: int
    unit_price_minor: int
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    tax_rate: Decimal
    total_minor: int


class AddressRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of order addresses."""

    kind: str
    email: str
    name: str
    company: str
    line1: str
    line2: str
    city: str
    postal_code: str
    region: str
    country: str
    phone: str


class OrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of orders."""

    id: UUID
    number: str
    merchant: str
    channel: str
    locale: str
    currency: str
    status: Status
    status_reason: str
    version: int
    checkout_id: UUID
    quote_id: UUID
    payment_id: UUID
    customer_id: UUID | None
    guest_token_hash: str | None
    prices_include_tax: bool
    subtotal_minor: int
    discount_minor: int
    shipping_minor: int
    shipping_tax_minor: int
    tax_minor: int
    total_minor: int
    shipping_method: str
    coupon_codes: tuple[str, ...]
    placed_at: datetime
    updated_at: datetime
    fulfilment_started_at: datetime | None
    paid_minor: int = 0
    refunded_minor: int = 0
    payment_status: PaymentStatus = PaymentStatus.PENDING


class OrderRecord(OrderRow, frozen=True, kw_only=True):
    """A row of orders with its lines and addresses."""

    lines: tuple[LineRecord, ...]
    addresses: tuple[AddressRecord, ...]


# Three documents of json: to make one of jsonb of them took twice as long.
_DOCUMENTS = """row_to_json(o)::text,
    (SELECT json_agg(l ORDER BY l.position)::text FROM orders_orderline l WHERE l.order_id = o.id),
    (SELECT coalesce(json_agg(a), '[]')::text FROM orders_orderaddress a WHERE a.order_id = o.id)"""

_PLACE = """
WITH placed AS (
    INSERT INTO orders_order (
        number, id, merchant, channel, locale, currency, status, status_reason, status_actor, version,
        checkout_id, quote_id, payment_id, customer_id, guest_token_hash, prices_include_tax,
        subtotal_minor, discount_minor, shipping_minor, shipping_tax_minor, tax_minor, total_minor,
        shipping_method, coupon_codes, placed_at, updated_at)
    SELECT 'SO-' || nextval('orders_order_number'), r.*
    FROM json_to_record(%s::json) AS r(
        id uuid, merchant text, channel text, locale text, currency text, status text,
        status_reason text, status_actor text, version int,
        checkout_id uuid, quote_id uuid, payment_id uuid, customer_id uuid, guest_token_hash text,
        prices_include_tax bool, subtotal_minor bigint, discount_minor bigint, shipping_minor bigint,
        shipping_tax_minor bigint, tax_minor bigint, total_minor bigint, shipping_method text,
        coupon_codes text[], placed_at timestamptz, updated_at timestamptz)
    ON CONFLICT (id) DO NOTHING
    RETURNING id, number
), lines AS (
    INSERT INTO orders_orderline (
        order_id, id, position, sku_id, sku_code, product_id, title, seller, quantity, unit_price_minor,
        subtotal_minor, discount_minor, tax_minor, tax_rate, total_minor)
    SELECT placed.id, l.*
    FROM placed, json_to_recordset(%s::json) AS l(
        id uuid, position int, sku_id uuid, sku_code text, product_id uuid, title text, seller text,
        quantity int, unit_price_minor bigint, subtotal_minor bigint, discount_minor bigint,
        tax_minor bigint, tax_rate numeric, total_minor bigint)
), addresses AS (
    INSERT INTO orders_orderaddress (
        order_id, id, kind, email, name, company, line1, line2, city, postal_code, region, country, phone)
    SELECT placed.id, a.*
    FROM placed, json_to_recordset(%s::json) AS a(
        id uuid, kind text, email text, name text, company text, line1 text, line2 text, city text,
        postal_code text, region text, country text, phone text)
)
SELECT number FROM placed"""


def place(
    order: dict[str, Any], lines: Sequence[dict[str, Any]], addresses: Sequence[dict[str, Any]]
) -> str | None:
    """Write an order, its lines and addresses; its number, or None where the order is there already."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [_json(order), _json(lines), _json(addresses)])
        row = cursor.fetchone()
    return row[0] if row else None


def move(
    order_id: UUID,
    before: Sequence[Status],
    after: Status,
    *,
    reason: str,
    actor: str,
    now: datetime,
) -> OrderRecord | None:
    """Take the order from one of the states to the next; None where it is in none of them."""
    return _one(
        f"""UPDATE orders_order o
            SET status = %s, status_reason = %s, status_actor = %s, version = version + 1, updated_at = %s,
                paid_minor = CASE %s WHEN 'PAID' THEN total_minor ELSE paid_minor END
            WHERE id = %s AND status = ANY(%s) RETURNING {_DOCUMENTS}""",
        [after, reason, actor, now, after, order_id, list(before)],
    )


def follow_payment(
    payment_id: UUID, *, paid_minor: int | None, refunded_minor: int | None, now: datetime
) -> OrderRecord | None:
    """Let the order have what its payment has told by now; None where that is no news to it."""
    return _one(
        f"""UPDATE orders_order o
            SET paid_minor = coalesce(%s, paid_minor),
                refunded_minor = coalesce(%s, refunded_minor),
                version = version + 1, updated_at = %s
            WHERE payment_id = %s AND (paid_minor <> %s OR refunded_minor < %s)
            RETURNING {_DOCUMENTS}""",
        [paid_minor, refunded_minor, now, payment_id, paid_minor, refunded_minor],
    )


def start_fulfilment(order_id: UUID, *, actor: str, now: datetime) -> OrderRecord | None:
    """Mark that the warehouse began; None unless the order is paid and untouched."""
    return _one(
        f"""UPDATE orders_order o
            SET fulfilment_started_at = %s, status_reason = 'fulfilment started', status_actor = %s,
                version = version + 1, updated_at = %s
            WHERE id = %s AND status = 'PAID' AND fulfilment_started_at IS NULL
            RETURNING {_DOCUMENTS}""",
        [now, actor, now, order_id],
    )


def stop_fulfilment(order_id: UUID, *, actor: str, now: datetime) -> OrderRecord | None:
    """Mark that the warehouse gave the order back; None unless it had begun and not shipped."""
    return _one(
        f"""UPDATE orders_order o
            SET fulfilment_started_at = NULL, status_reason = 'fulfilment stopped', status_actor = %s,
                version = version + 1, updated_at = %s
            WHERE id = %s AND status = 'PAID' AND fulfilment_started_at IS NOT NULL
            RETURNING {_DOCUMENTS}""",
        [actor, now, order_id],
    )


def read(order_id: UUID, *, lock: bool = False) -> OrderRecord | None:
    """One order, whole; with ``lock`` nobody else changes it until the transaction ends."""
    ending = " FOR UPDATE OF o" if lock else ""
    return _one(f"SELECT {_DOCUMENTS} FROM orders_order o WHERE id = %s{ending}", [order_id])


def is_seen(order_id: UUID, *, viewer: Viewer) -> bool:
    """Is there such an order, and is it the viewer's? The back office sees all."""
    theirs = {} if viewer.is_staff else _ownership(viewer)
    return Order.objects.filter(id=order_id, **theirs).exists()


def history_of(order_id: UUID) -> list[OrderStatusChange]:
    """The steps of an order's life, first to last."""
    return list(OrderStatusChange.objects.filter(order_id=order_id).order_by("version"))


def orders_of(
    *, viewer: Viewer, customer_id: UUID | None = None, status: str | None = None
) -> QuerySet[Order]:
    """Orders that the viewer may see, with what a list shows of them."""
    rows = Order.objects.annotate(item_count=Sum("lines__quantity"))
    if not viewer.is_staff:
        rows = rows.filter(**_ownership(viewer))
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    return rows.filter(status=status) if status else rows


def orders_of_seller(seller: str) -> QuerySet[Order]:
    """Paid and later orders with lines of the seller, carrying those lines and no others."""
    own = OrderLine.objects.filter(seller=seller)
    return Order.objects.filter(
        Exists(own.filter(order_id=OuterRef("pk"))),
        status__in=[Status.PAID, Status.FULFILLED, Status.COMPLETED],
    ).prefetch_related(Prefetch("lines", own.order_by("position"), to_attr="own_lines"))


def statuses(order_ids: Collection[UUID]) -> dict[UUID, str]:
    """The status of each of these orders."""
    return dict(Order.objects.filter(id__in=order_ids).values_list("id", "status"))


def _ownership(viewer: Viewer) -> dict[str, Any]:
    if viewer.user_id is not None:
        return {"customer_id": viewer.user_id}
    return {"customer_id__isnull": True, "guest_token_hash": viewer.guest_token_hash or ""}


def _one(sql: str, parameters: list[Any]) -> OrderRecord | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
    return _record(*row) if row else None


def _record(order: str, lines: str, addresses: str) -> OrderRecord:
    return OrderRecord(
        **msgspec.structs.asdict(msgspec.json.decode(order, type=OrderRow)),
        lines=msgspec.json.decode(lines, type=tuple[LineRecord, ...]),
        addresses=msgspec.json.decode(addresses, type=tuple[AddressRecord, ...]),
    )


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
