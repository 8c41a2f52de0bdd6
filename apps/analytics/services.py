"""What analytics does for others: keeps the sales figures, and tells them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, fields
from datetime import date
from uuid import UUID

from apps.analytics import queries
from apps.analytics.domain.giving_back import takings_of
from apps.analytics.types import GivenBack, OrderNews, OrderState, Takings
from ecommerce.dimensions import MERCHANT

MOST_ORDERS = 200


def keep_orders(states: Sequence[OrderState]) -> None:
    """Remember the latest state of each order."""
    latest = {state.order_id: state for state in sorted(states, key=lambda one: one.version)}
    queries.upsert_orders(list(latest.values()))


def count_revenue(news: Sequence[OrderNews]) -> None:
    """Add what orders took and gave back to their days. Call once for each event, those of an order in order."""
    before = queries.given_back({one.order_id for one in news})
    now = dict(before)
    takings: list[Takings] = []
    for one in news:
        known = now.get(one.order_id, GivenBack(order_id=one.order_id))
        counted, now[one.order_id] = takings_of(one, known)
        takings.append(counted)
    _add([one for one in takings if one.orders or one.canceled_orders or one.refunded_minor])
    changed = [
        row
        for row in now.values()
        if row != before.get(row.order_id, GivenBack(order_id=row.order_id))
    ]
    if changed:
        queries.keep_given_back(changed)


def _add(takings: Sequence[Takings]) -> None:
    days: dict[tuple[date, str, str, str], list[Takings]] = defaultdict(list)
    for one in takings:
        days[one.day, one.merchant, one.channel, one.currency].append(one)
    if days:
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
