"""A delivery is unloaded, in one go or in several."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.landed import MOST_MINOR
from apps.inventory.domain.purchasing import INBOUND_OPEN, RECEIVABLE, InboundState, OrderState
from apps.inventory.errors import (
    InboundRefused,
    InboundUnclear,
    NoInbound,
    PurchaseRefused,
    RunByItsSystem,
)
from apps.inventory.events import ArrivedUnits, InboundReceived
from apps.inventory.models import Inbound as InboundRow
from apps.inventory.models import InboundLine, InboundReceipt, PurchaseOrder
from apps.inventory.queries import purchasing as queries
from apps.inventory.queries.warehouse import open_task_of
from apps.inventory.services.purchasing._differences import note_differences
from apps.inventory.services.purchasing._find import view_of_inbound
from apps.inventory.services.purchasing._on_the_way import expect_rest, hold_levels
from apps.inventory.services.purchasing._put_away import Arrival, put_away
from apps.inventory.services.purchasing._steps import finish, step
from apps.inventory.types import ArrivedItem, Inbound, ReceiveInbound
from ecommerce.events import publish

_MOST_UNITS = 2**31 - 1
_CLOCKS_DIFFER = timedelta(minutes=5)
_LATEST = timedelta(days=366)
"""After so long a receipt is told no more: its date is a slip."""


@transaction.atomic
def receive_inbound(command: ReceiveInbound, *, now: datetime) -> Inbound:
    """Book what was unloaded: stock, its cost, and where it differs from what was expected.

    Good units go on hand at once, broken ones among what is damaged. Those, units beyond what was expected
    and, with ``final``, missing ones become discrepancies. Repeating a key changes nothing. Raises NoInbound,
    InboundRefused once all is here, InboundUnclear for what cannot be, PurchaseRefused, and RunByItsSystem
    while a warehouse has a task for it: what that reports is booked, and nothing beside.
    """
    inbound, order = queries.locked_inbound(command.inbound_id)
    if inbound is None:
        raise NoInbound(f"no delivery {command.inbound_id}")
    if InboundReceipt.objects.filter(inbound=inbound, key=command.key).exists():
        return view_of_inbound(inbound.id)
    _check(command, inbound, order, now)
    arrivals = _arrivals(inbound, order, command.items)
    coming = Counter({a.line.sku_id: a.received + a.damaged for a in arrivals})
    hold_levels(inbound, coming.keys())
    expect_rest(inbound, coming, final=command.final)
    broken = put_away(
        inbound, arrivals, key=command.key, occurred_at=command.occurred_at, actor=command.actor
    )
    receipt = _keep(inbound, command)
    lines = _go_on(inbound, command, now)
    note_differences(inbound, lines, broken, occurred_at=command.occurred_at)
    if order is not None:
        follow(order, now)
    publish(_fact(inbound, receipt, arrivals))
    return view_of_inbound(inbound.id)


def follow(order: PurchaseOrder, now: datetime) -> None:
    """Take a locked order to where its lines are: closed once nothing is outstanding."""
    lines = queries.order_lines(order)
    if not any(line.outstanding for line in lines):
        if order.state in RECEIVABLE:
            finish(order, now)
    elif order.state == OrderState.SENT and any(line.received or line.damaged for line in lines):
        step(order, OrderState.PARTIALLY_RECEIVED)


def _check(
    command: ReceiveInbound, inbound: InboundRow, order: PurchaseOrder | None, now: datetime
) -> None:
    if inbound.state not in INBOUND_OPEN:
        raise InboundRefused(f"{inbound.number} is {inbound.state}", state=inbound.state)
    task_id = open_task_of(inbound.id)
    if task_id not in {None, command.task_id}:
        raise RunByItsSystem(
            f"{inbound.number} is received by what {inbound.location.code} reports: "
            "call its task off to receive by hand",
            task_id=str(task_id),
        )
    if order is not None and order.state not in RECEIVABLE | {OrderState.CLOSED}:
        raise PurchaseRefused(f"{order.number} is {order.state}", state=order.state)
    if command.occurred_at > now + _CLOCKS_DIFFER:
        raise InboundUnclear("nothing is received in the future")
    if command.occurred_at < now - _LATEST:
        raise InboundUnclear("what was received more than a year ago is not booked")
    if any(item.received < 0 or item.damaged < 0 for item in command.items):
        raise InboundUnclear("units are not negative")
    units = sum(item.received + item.damaged for item in command.items)
    if not units and not command.final:
        raise InboundUnclear("nothing was received")


def _arrivals(
    inbound: InboundRow, order: PurchaseOrder | None, items: Sequence[ArrivedItem]
) -> list[Arrival]:
    """What came per line, in the order of locks; what nobody expected gets a line of nought."""
    told: defaultdict[UUID, list[ArrivedItem]] = defaultdict(list)
    for item in items:
        if item.received or item.damaged:
            told[item.sku_id].append(item)
    lines = _known_lines(inbound, order, told)
    arrivals = [
        Arrival(
            line=lines[sku_id],
            received=sum(item.received for item in said),
            damaged=sum(item.damaged for item in said),
            told=tuple(said),
        )
        for sku_id, said in sorted(told.items())
    ]
    for arrival in arrivals:
        _check_size(arrival)
    return arrivals


def _check_size(arrival: Arrival) -> None:
    """Refuses what no column holds."""
    line, of = arrival.line, arrival.line.order_line
    units = arrival.received + arrival.damaged + line.received + line.damaged
    each = of.unit_cost_minor if of else line.unit_cost_minor or 0
    if units > _MOST_UNITS or units * each > MOST_MINOR:
        raise InboundUnclear(f"{units} units of {line.sku_id} are too many")


def _known_lines(
    inbound: InboundRow, order: PurchaseOrder | None, told: Mapping[UUID, object]
) -> dict[UUID, InboundLine]:
    lines = queries.inbound_lines(inbound)
    of = {line.sku_id: line for line in queries.order_lines(order)} if order else {}
    new = [
        InboundLine(inbound=inbound, order_line=of.get(sku_id), sku_id=sku_id, expected=0)
        for sku_id in told
        if sku_id not in lines
    ]
    InboundLine.objects.bulk_create(new)
    return lines | {line.sku_id: line for line in new}


def _keep(inbound: InboundRow, command: ReceiveInbound) -> InboundReceipt:
    return InboundReceipt.objects.create(
        inbound=inbound,
        key=command.key,
        final=command.final,
        actor=command.actor,
        occurred_at=command.occurred_at,
        items=[
            {
                "sku_id": str(item.sku_id),
                "received": item.received,
                "damaged": item.damaged,
                "lot": item.lot,
                "expires_on": item.expires_on.isoformat() if item.expires_on else None,
                "serials": list(item.serials),
            }
            for item in command.items
        ],
    )


def _go_on(inbound: InboundRow, command: ReceiveInbound, now: datetime) -> list[InboundLine]:
    lines = list(queries.inbound_lines(inbound).values())
    all_here = all(n.received + n.damaged >= n.expected for n in lines)
    complete = command.final or (all_here and not command.going_on)
    inbound.state = InboundState.RECEIVED if complete else InboundState.PARTIALLY_RECEIVED
    inbound.updated_at = now
    inbound.save(update_fields=["state", "updated_at"])
    return lines


def _fact(
    inbound: InboundRow, receipt: InboundReceipt, arrivals: Sequence[Arrival]
) -> InboundReceived:
    return InboundReceived(
        inbound_id=inbound.id,
        receipt_id=receipt.id,
        purchase_order_id=inbound.order_id,
        location_id=inbound.location.code,
        complete=inbound.state == InboundState.RECEIVED,
        items=tuple(
            ArrivedUnits(sku_id=a.line.sku_id, received=a.received, damaged=a.damaged)
            for a in arrivals
        ),
    )
