"""The loader for very many orders that were made elsewhere."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec
from django.db import transaction

from apps.orders import queries
from apps.orders.domain.amounts import disagreement
from apps.orders.domain.transitions import Status
from apps.orders.errors import AmountsDisagree
from apps.orders.events import OrderCanceled, OrderCreated, OrderFacts
from apps.orders.queries import LoadedRows, OrderRecord
from apps.orders.services._advance import NEWS
from apps.orders.services._place import rows_of
from apps.orders.services._shape import facts_of
from apps.orders.types import LoadedOrder
from ecommerce.events import publish_many

BATCH = 1_000


def load_orders(orders: Iterable[LoadedOrder]) -> int:
    """Write orders of the past with their history and their events, by COPY; says how many.

    Each goes its way step by step, so everything holds that holds for orders made here: its sums,
    its transitions, its history. An order that is there (its id, or its number) is left as it is.
    Nothing is reserved, charged or sent. Each batch is one transaction; memory does not grow with the
    orders. Raises AmountsDisagree.
    """
    waiting, loaded = iter(orders), 0
    while batch := list(islice(waiting, BATCH)):
        loaded += _load(batch)
    return loaded


@transaction.atomic
def _load(batch: Sequence[LoadedOrder]) -> int:
    rows, documents = LoadedRows(), {}
    for order in batch:
        documents[order.placed.order_id] = _add(order, rows)
    placed = queries.copy_orders(rows)
    publish_many(
        [
            fact
            for order in batch
            if order.placed.order_id in placed
            for fact in _facts(order, documents[order.placed.order_id])
        ]
    )
    return len(placed)


def _add(order: LoadedOrder, rows: LoadedRows) -> dict[str, Any]:
    """Put the order's rows to the others; returns it as one document."""
    if wrong := disagreement(order.placed):
        raise AmountsDisagree(f"order {order.number}: {wrong}")
    head, lines, addresses = rows_of(order.placed)
    owner = {"order_id": order.placed.order_id}
    head["number"] = order.number
    rows.orders.append({**head, "coupon_codes": list(head["coupon_codes"])})
    rows.lines.extend(line | owner for line in lines)
    rows.addresses.extend(address | owner for address in addresses)
    rows.steps.extend(
        owner | {"round": number, "status": step.status, "reason": step.reason, "at": step.at}
        for number, step in enumerate(order.steps, start=1)
    )
    return {**head, "lines": lines, "addresses": addresses, "fulfilment_started_at": None}


def _facts(order: LoadedOrder, document: dict[str, Any]) -> Iterator[OrderFacts]:
    """The news of an order's life, in order."""
    record = msgspec.convert(document, OrderRecord)
    yield facts_of(OrderCreated, record, previous=None, now=order.placed.placed_at)
    for step in order.steps:
        previous, status = record.status, Status(step.status)
        record = msgspec.structs.replace(record, status=status, version=record.version + 1)
        if status is Status.CANCELED:
            yield facts_of(
                OrderCanceled, record, previous=previous.value, now=step.at, reason=step.reason
            )
        else:
            yield facts_of(NEWS[status], record, previous=previous.value, now=step.at)
