"""SQL of the sales read models. Table names are bare, so that a replay can aim them elsewhere."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from apps.analytics.models import CustomerOrder, DailyRevenue
from apps.analytics.types import OrderState, Takings


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
            gross_minor, tax_minor, canceled_orders, canceled_minor)
        SELECT x.* FROM jsonb_to_recordset(%s::jsonb) AS x(day date, merchant text, channel text,
            currency text, orders int, units int, gross_minor bigint, tax_minor bigint,
            canceled_orders int, canceled_minor bigint)
        ON CONFLICT (day, merchant, channel, currency) DO UPDATE SET
            orders = r.orders + excluded.orders, units = r.units + excluded.units,
            gross_minor = r.gross_minor + excluded.gross_minor,
            tax_minor = r.tax_minor + excluded.tax_minor,
            canceled_orders = r.canceled_orders + excluded.canceled_orders,
            canceled_minor = r.canceled_minor + excluded.canceled_minor
        """,
        sorted(rows, key=lambda row: (row.day, row.merchant, row.channel, row.currency)),
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
