"""Writing down a sale."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import msgspec

from apps.orders import queries
from apps.orders.domain.amounts import disagreement
from apps.orders.domain.transitions import Status
from apps.orders.errors import AmountsDisagree
from apps.orders.events import OrderCreated
from apps.orders.queries import OrderRecord
from apps.orders.services._shape import facts_of, order_of
from apps.orders.types import Address, Order, PlaceOrder, PlaceOrderLine
from ecommerce.events import publish
from ecommerce.ids import new_id
from ecommerce.transactions import joining

_NOT_COLUMNS = {"order_id", "email", "lines", "shipping_address", "billing_address"}
_COLUMNS = [field.name for field in fields(PlaceOrder) if field.name not in _NOT_COLUMNS]
_LINE = [field.name for field in fields(PlaceOrderLine) if field.name != "line_id"]
_ADDRESS = [field.name for field in fields(Address)]


def place_order(command: PlaceOrder) -> Order:
    """Write the order down as PENDING, with a number of its own.

    Repeating the command (the same order id) returns the order as it stands, unchanged. Raises
    AmountsDisagree where the lines do not add up to the totals. Reserves nothing and charges
    nothing: that is for the checkout, in the same transaction.
    """
    if wrong := disagreement(command):
        raise AmountsDisagree(wrong)
    return _write(command)


@joining
def _write(command: PlaceOrder) -> Order:
    order, lines, addresses = rows_of(command)
    number = queries.place(order, lines, addresses)
    if number is None:
        return order_of(_existing(command))
    record = msgspec.convert(
        {
            **order,
            "number": number,
            "fulfilment_started_at": None,
            "lines": lines,
            "addresses": addresses,
        },
        OrderRecord,
    )
    publish(facts_of(OrderCreated, record, previous=None, now=command.placed_at))
    return order_of(record)


def _existing(command: PlaceOrder) -> OrderRecord:
    record = queries.read(command.order_id)
    assert record is not None  # noqa: S101  # the conflict was on this very id
    return record


def rows_of(
    command: PlaceOrder,
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """The order, its lines and its addresses as rows of their tables."""
    return _order_row(command), _line_rows(command), _address_rows(command)


def _order_row(command: PlaceOrder) -> dict[str, Any]:
    return {
        **_plain(command, _COLUMNS),
        "id": command.order_id,
        "status": Status.PENDING.value,
        "status_reason": "placed",
        "status_actor": str(command.customer_id or "guest"),
        "version": 1,
        "updated_at": command.placed_at,
    }


def _line_rows(command: PlaceOrder) -> list[dict[str, Any]]:
    return [
        {**_plain(line, _LINE), "id": line.line_id, "position": position}
        for position, line in enumerate(command.lines)
    ]


def _address_rows(command: PlaceOrder) -> list[dict[str, Any]]:
    return [
        _address_row("SHIPPING", command.shipping_address, command.email),
        _address_row("BILLING", command.billing_address, command.email),
    ]


def _address_row(kind: str, address: Address, email: str) -> dict[str, Any]:
    return {**_plain(address, _ADDRESS), "id": new_id(), "kind": kind, "email": email}


def _plain(value: object, names: Sequence[str]) -> dict[str, Any]:
    """As dataclasses.asdict, which copies every value deeply and takes ten times as long."""
    return {name: getattr(value, name) for name in names}
