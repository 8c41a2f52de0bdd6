"""Deliveries that a warehouse receives: it is told to expect them, and what it reports is booked as theirs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.catalog import services as catalog
from apps.inventory.domain.purchasing import INBOUND_OPEN, InboundState
from apps.inventory.domain.warehouse import Progress
from apps.inventory.errors import NoInbound, UnfitReport
from apps.inventory.models import Inbound as InboundRow
from apps.inventory.models import WarehouseTask as TaskRow
from apps.inventory.models import WarehouseTaskLine as LineRow
from apps.inventory.queries import purchasing as deliveries
from apps.inventory.queries import warehouse
from apps.inventory.queries.warehouse import Place
from apps.inventory.services import purchasing
from apps.inventory.services.warehouse._request import announce_receipt, cancel_task
from apps.inventory.types import (
    AnnounceInbound,
    AnnounceReceipt,
    ArrivedItem,
    Inbound,
    ReceiveInbound,
    StockLine,
    WarehouseReport,
)


@transaction.atomic
def create_inbound(command: AnnounceInbound, *, now: datetime) -> Inbound:
    """A delivery to expect; of an order without items, all that is outstanding of it and not announced yet.

    Where a system runs the location, it is told to expect it too. A supplier's ``reference`` names one
    delivery: announcing it again returns the first. Raises NoPurchaseOrder, PurchaseRefused for an order
    that is not sent or of which less is to be announced, InboundUnclear without items or with a SKU twice, UnknownSupplier, UnknownLocation.
    """
    made = purchasing.create_inbound(command)
    if warehouse.place(made.location).system and not warehouse.tasks_of(made.id):
        _expect(made, now)
    return made


@transaction.atomic
def cancel_inbound(*, inbound_id: UUID, now: datetime) -> Inbound:
    """It does not come. A repeat changes nothing. Raises NoInbound, InboundRefused once a part of it is here.

    A warehouse that was told of it has the word: until it has agreed the delivery is as it is, and is
    received if it comes all the same.
    """
    inbound, _ = deliveries.locked_inbound(inbound_id)
    if inbound is None:
        raise NoInbound(f"no delivery {inbound_id}")
    task_id = warehouse.open_task_of(inbound_id)
    if task_id is not None and inbound.state == InboundState.EXPECTED:
        reason = f"{inbound.number} does not come"
        if cancel_task(task_id=task_id, reason=reason, now=now).status != "CANCELLED":
            InboundRow.objects.filter(id=inbound_id, called_off_at=None).update(called_off_at=now)
            return purchasing.get_inbound(inbound_id=inbound_id)
    return purchasing.cancel_inbound(inbound_id=inbound_id)


def hold_delivery(task_id: UUID) -> InboundRow | None:
    """Lock the delivery that a task receives and its order: before the task, as everywhere."""
    inbound_id = warehouse.inbound_of(task_id)
    return deliveries.locked_inbound(inbound_id)[0] if inbound_id else None


def add_strangers(row: TaskRow, report: WarehouseReport) -> None:
    """A delivery may bring what nobody asked for: a line of nought for each SKU that is one.

    Raises UnfitReport for what is none.
    """
    known = set(row.lines.values_list("sku_id", flat=True))
    strangers = {line.sku_id for line in report.lines} - known
    if not strangers:
        return
    if unknown := strangers - catalog.find_skus(ids=strangers).keys():
        raise UnfitReport("The report names a SKU that there is not.", sku_id=str(min(unknown)))
    LineRow.objects.bulk_create(
        LineRow(task=row, sku_id=sku_id, quantity=0) for sku_id in sorted(strangers)
    )


def receive_reported(
    row: TaskRow,
    inbound: InboundRow,
    place: Place,
    came: Sequence[Progress],
    *,
    sequence: int,
    status: str,
    actor: str,
    now: datetime,
) -> None:
    """Book what a report brings as the delivery's receiving; task and delivery are locked.

    A system's word that it is done is final: what is missing is noted. People say so at the delivery.
    """
    ended = status == "DONE" and bool(place.system)
    off = status == "CANCELLED" and inbound.called_off_at is not None
    if off and not came and inbound.state == InboundState.EXPECTED:
        purchasing.cancel_inbound(inbound_id=inbound.id)
    elif came or ended or off:
        purchasing.receive_inbound(
            ReceiveInbound(
                inbound_id=inbound.id,
                key=f"task:{row.id}:{sequence}",
                items=tuple(item for one in came for item in _items(one)),
                occurred_at=now,
                final=ended or off,
                actor=actor,
                task_id=row.id,
                going_on=status == "ACCEPTED",
            ),
            now=now,
        )


def task_meant(named: UUID, *, location_id: UUID, now: datetime) -> UUID:
    """The task that a warehouse speaks of: by its id, or by that of the delivery, which may be news to us.

    What is known by neither is returned as it came.
    """
    if warehouse.place_of(named) is not None:
        return named
    if tasks := warehouse.tasks_of(named):
        return tasks[0]
    inbound, _ = deliveries.locked_inbound(named)
    if inbound is None or inbound.location_id != location_id or inbound.state not in INBOUND_OPEN:
        return named
    task_id = _expect(purchasing.get_inbound(inbound_id=named), now)
    TaskRow.objects.filter(id=task_id).update(pending="", next_try_at=None, status="ACCEPTED")
    return task_id


def _expect(inbound: Inbound, now: datetime) -> UUID:
    """The receipt that a warehouse is to expect: all that is still to come of a delivery."""
    left = {n.sku_id: n.expected - n.received - n.damaged for n in inbound.lines}
    command = AnnounceReceipt(
        location=inbound.location,
        reference=inbound.number,
        incoming=False,
        lines=tuple(
            StockLine(sku_id=sku_id, quantity=units) for sku_id, units in left.items() if units > 0
        ),
    )
    return announce_receipt(command, now=now).id


def _items(one: Progress) -> list[ArrivedItem]:
    named = [
        ArrivedItem(
            sku_id=one.sku_id, received=lot.quantity, lot=lot.code, expires_on=lot.expires_on
        )
        for lot in one.lots
    ]
    unnamed = one.good - sum(item.received for item in named)
    if unnamed > 0 or one.damaged:
        rest = ArrivedItem(sku_id=one.sku_id, received=max(0, unnamed), damaged=one.damaged)
        named.append(rest)
    return [replace(named[0], serials=one.serials), *named[1:]]
