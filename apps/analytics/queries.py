"""SQL of the sales read models. Table names are bare, so that a replay can aim them elsewhere."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from apps.analytics.models import CustomerOrder, DailyRevenue
from apps.analytics.types import GivenBack, OrderState, Takings


def _insert(sql: str, rows: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [orjson.dumps([asdict(row) for row in rows]).decode()])


def upsert_orders(rows: Sequence[OrderState]) -> None:
    """The latest version of each order wins, whatever order they come in."""
    _insert(
        """
        INSERT INTO analytics_customerorder (order_id, customer_id, number, status, channel,
            currency, total_minor, units, placed_at, version)
        SELECT x.* FROM jsonb_to_recordset(%s::jsonb) AS x(order_id uuid, customer_id uuid,
            number text, status text, channel text, currency text, total_minor bigint, units int,
            placed_at timestamptz, version int)
        ON CONFLICT (order_id) DO UPDATE SET status = excluded.status,
            customer_id = excluded.customer_id, total_minor = excluded.total_minor,
            units = excluded.units, version = excluded.version
        WHERE analytics_customerorder.version < excluded.version
        """,
        rows,
    )


def add_takings(rows: Sequence[Takings]) -> None:
    """Add to the days. The rows are sorted so that two writers never wait for each other."""
    _insert(
        """
        INSERT INTO analytics_dailyrevenue AS r (day, merchant, channel, currency, orders, units,
            gross_minor, tax_minor, canceled_orders, canceled_minor, refunded_minor)
        SELECT x.* FROM jsonb_to_recordset(%s::jsonb) AS x(day date, merchant text, channel text,
            currency text, orders int, units int, gross_minor bigint, tax_minor bigint,
            canceled_orders int, canceled_minor bigint, refunded_minor bigint)
        ON CONFLICT (day, merchant, channel, currency) DO UPDATE SET
            orders = r.orders + excluded.orders, units = r.units + excluded.units,
            gross_minor = r.gross_minor + excluded.gross_minor,
            tax_minor = r.tax_minor + excluded.tax_minor,
            canceled_orders = r.canceled_orders + excluded.canceled_orders,
            canceled_minor = r.canceled_minor + excluded.canceled_minor,
            refunded_minor = r.refunded_minor + excluded.refunded_minor
        """,
        sorted(rows, key=lambda row: (row.day, row.merchant, row.channel, row.currency)),
    )


def given_back(order_ids: Collection[UUID]) -> dict[UUID, GivenBack]:
    """What went back of these orders, of those of which something did."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT order_id, refunded_minor, counted_minor FROM analytics_givenback
               WHERE order_id = ANY(%s)""",
            [list(order_ids)],
        )
        return {
            order_id: GivenBack(order_id=order_id, refunded_minor=told, counted_minor=counted)
            for order_id, told, counted in cursor.fetchall()
        }


def keep_given_back(rows: Sequence[GivenBack]) -> None:
    """Remember what went back of each order by now."""
    _insert(
        """
        INSERT INTO analytics_givenback (order_id, refunded_minor, counted_minor)
        SELECT x.* FROM jsonb_to_recordset(%s::jsonb)
            AS x(order_id uuid, refunded_minor bigint, counted_minor bigint)
        ON CONFLICT (order_id) DO UPDATE SET refunded_minor = excluded.refunded_minor,
            counted_minor = excluded.counted_minor
        """,
        rows,
    )


def takings_between(start: date, end: date, *, merchant: str) -> tuple[Takings, ...]:
    rows = DailyRevenue.objects.filter(day__gte=start, day__lte=end, merchant=merchant)
    names = [field.name for field in fields(Takings)]
    return tuple(
        Takings(**row) for row in rows.order_by("day", "channel", "currency").values(*names)
    )


def orders_of(customer_id: UUID, *, limit: int) -> tuple[OrderState, ...]:
    rows = CustomerOrder.objects.filter(customer_id=customer_id)
    names = [field.name for field in fields(OrderState)]
    newest_first = rows.order_by("-placed_at", "-order_id").values(*names)[:limit]
    return tuple(OrderState(**row) for row in newest_first)
