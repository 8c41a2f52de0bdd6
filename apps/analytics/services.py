"""What analytics does for others: keeps the sales figures, and tells them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, fields
from datetime import date
from uuid import UUID

from apps.analytics import queries
from apps.analytics.types import OrderState, Takings
from ecommerce.dimensions import MERCHANT

MOST_ORDERS = 200


def keep_orders(states: Sequence[OrderState]) -> None:
    """Remember the latest state of each order."""
    latest = {state.order_id: state for state in sorted(states, key=lambda one: one.version)}
    queries.upsert_orders(list(latest.values()))


def count_takings(takings: Sequence[Takings]) -> None:
    """Add what was taken or given back to its day. Not idempotent: call once for each fact."""
    days: dict[tuple[date, str, str, str], list[Takings]] = defaultdict(list)
    for one in takings:
        days[one.day, one.merchant, one.channel, one.currency].append(one)
    queries.add_takings([_sum(key, parts) for key, parts in days.items()])


def _sum(key: tuple[date, str, str, str], parts: list[Takings]) -> Takings:
    day, merchant, channel, currency = key
    counted = [field.name for field in fields(Takings)][4:]
    columns = zip(*(astuple(part)[4:] for part in parts), strict=True)
    totals = dict(zip(counted, map(sum, columns), strict=True))
    return Takings(day=day, merchant=merchant, channel=channel, currency=currency, **totals)


def daily_revenue(*, start: date, end: date, merchant: str = MERCHANT) -> tuple[Takings, ...]:
    """The takings of each day from ``start`` to ``end``, both included, by channel and currency."""
    return queries.takings_between(start, end, merchant=merchant)


def orders_by_customer(*, customer_id: UUID) -> tuple[OrderState, ...]:
    """The latest 200 orders of a customer, newest first."""
    return queries.orders_of(customer_id, limit=MOST_ORDERS)
