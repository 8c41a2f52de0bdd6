"""Move stock between locations with the way between them: asked for, sent, received in parts, closed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from apps.inventory.domain.order_lines import merged
from apps.inventory.domain.transfers import (
    ON_THE_WAY,
    Arrival,
    Carried,
    arrivals_of,
    since,
    split,
)
from apps.inventory.errors import EmptyStockChange, TransferClosed, UnknownTransfer
from apps.inventory.models import MovementKey, StockTransfer, StockTransferLine
from apps.inventory.queries import lots, reading, transfers
from apps.inventory.queries.ledger import Entry
from apps.inventory.services._incoming import change_incoming
from apps.inventory.services._write import location_ids, write_all
from apps.inventory.types import (
    IncomingChange,
    LotUnits,
    ReceiveTransfer,
    RequestTransfer,
    Transfer,
)
from ecommerce.ids import new_id


@transaction.atomic
def request_transfer(command: RequestTransfer) -> Transfer:
    """Write down what is to go where; nothing moves yet. Repeating an id returns the first transfer.

    Raises EmptyStockChange where nothing would move, UnknownLocation.
    """
    wanted = merged(command.lines)
    if command.source == command.destination:
        raise EmptyStockChange("a transfer moves units from one location to another")
    source, destination = location_ids(command.source, command.destination)
    transfer_id = command.transfer_id or new_id()
    row, is_new = StockTransfer.objects.get_or_create(
        id=transfer_id,
        defaults={
            "source_id": source,
            "destination_id": destination,
            "reason": command.reason,
            "actor": command.actor,
        },
    )
    if is_new:
        sellers = reading.sellers_at(wanted, source)
        StockTransferLine.objects.bulk_create(
            StockTransferLine(
                transfer=row, sku_id=sku_id, quantity=quantity, seller=sellers[sku_id]
            )
            for sku_id, quantity in wanted.items()
        )
    return get_transfer(transfer_id=transfer_id)


def get_transfer(*, transfer_id: UUID) -> Transfer:
    """A transfer by its id. Raises UnknownTransfer."""
    found = transfers.transfer(transfer_id)
    if found is None:
        raise UnknownTransfer(f"no transfer {transfer_id}")
    return found


@transaction.atomic
def ship_transfer(*, transfer_id: UUID, actor: str = "") -> Transfer:
    """Its units leave: out of the source's on-hand, and on their way to the destination. All or none.

    Repeating it changes nothing. Raises InsufficientStock rather than send what is promised to orders or
    is not there, TransferClosed where it was cancelled.
    """
    found = _locked(transfer_id)
    if found.status != "REQUESTED":
        if found.status == "CANCELLED":
            raise TransferClosed("the transfer was cancelled", status=found.status)
        return found
    (source,) = location_ids(found.source)
    sellers = transfers.sellers_of(found.id)
    change_incoming(
        [
            IncomingChange(
                sku_id=line.sku_id,
                delta=line.quantity,
                reference=f"transfer:{found.id}:sent:{line.sku_id}",
                location=found.destination,
                seller=sellers[line.sku_id],
            )
            for line in found.lines
        ]
    )
    write_all(
        [
            Entry(
                id=new_id(),
                sku_id=line.sku_id,
                location_id=source,
                kind="transfer_out",
                delta=-line.quantity,
                reason=found.reason,
                seller=sellers[line.sku_id],
                reference=str(found.id),
                actor=actor,
                key=f"transfer:{found.id}:sent:{line.sku_id}",
            )
            for line in found.lines
        ]
    )
    StockTransfer.objects.filter(id=found.id).update(status="IN_TRANSIT", shipped_at=Now())
    return get_transfer(transfer_id=found.id)


def send_transfer(command: RequestTransfer) -> Transfer:
    """Ask for a transfer and ship it at once. Raises what both do; then nothing was asked for either."""
    with transaction.atomic():
        asked = request_transfer(command)
        return ship_transfer(transfer_id=asked.id, actor=command.actor)


@transaction.atomic
def receive_transfer(command: ReceiveTransfer) -> Transfer:
    """Units arrived, good or damaged; with ``complete`` what is missing is written off as lost.

    Lost units come in and leave again by an adjustment that says why, so that what left one location is
    what came to the other. A repeated ``receipt`` changes nothing. Raises NotInTransfer where more came than was
    on the way, TransferClosed where nothing is.
    """
    found = _locked(command.transfer_id)
    stem = f"transfer:{found.id}:came:{command.receipt}"
    arrived = [_arrived(stem, line.sku_id) for line in found.lines]
    if MovementKey.objects.filter(key__in=arrived).exists():
        return found
    if found.status not in ON_THE_WAY:
        raise TransferClosed(f"the transfer is {found.status}", status=found.status)
    return _receive(found, command, stem)


def _receive(found: Transfer, command: ReceiveTransfer, stem: str) -> Transfer:
    arrivals = arrivals_of(found.lines, command.lines, complete=command.complete)
    _bring(found, arrivals, stem, command)
    lines, status = since(found.lines, arrivals)
    transfers.write_lines(found.id, lines)
    _become(found.id, status)
    return get_transfer(transfer_id=found.id)


@transaction.atomic
def close_transfer(*, transfer_id: UUID, reason: str, actor: str = "") -> Transfer:
    """It is settled: what is on its way still is written off as lost. Repeating it changes nothing.

    Raises TransferClosed where it never left.
    """
    found = _locked(transfer_id)
    if found.status == "CLOSED":
        return found
    if found.status in {"REQUESTED", "CANCELLED"}:
        raise TransferClosed("the transfer never left", status=found.status)
    if found.status in ON_THE_WAY:
        rest = ReceiveTransfer(
            transfer_id=transfer_id,
            lines=(),
            receipt="",
            complete=True,
            reason=reason,
            actor=actor,
        )
        _receive(found, rest, f"transfer:{found.id}:closed")
    _become(found.id, "CLOSED")
    return get_transfer(transfer_id=found.id)


@transaction.atomic
def cancel_transfer(*, transfer_id: UUID) -> Transfer:
    """It will not leave. Repeating it changes nothing. Raises TransferClosed where it has left."""
    found = _locked(transfer_id)
    if found.status == "REQUESTED":
        _become(found.id, "CANCELLED")
    elif found.status != "CANCELLED":
        raise TransferClosed("the transfer has left", status=found.status)
    return get_transfer(transfer_id=found.id)


def _locked(transfer_id: UUID) -> Transfer:
    found = transfers.transfer(transfer_id, lock=True)
    if found is None:
        raise UnknownTransfer(f"no transfer {transfer_id}")
    return found


def _become(transfer_id: UUID, status: str) -> None:
    open_still = status == "PARTIALLY_RECEIVED"
    StockTransfer.objects.filter(id=transfer_id).update(
        status=status, closed_at=None if open_still else Now()
    )


def _arrived(stem: str, sku_id: UUID) -> str:
    return f"{stem}:transfer_in:{sku_id}"


def _bring(
    found: Transfer, arrivals: Sequence[Arrival], stem: str, command: ReceiveTransfer
) -> None:
    """Units come in, lost ones too, and those leave again."""
    if not arrivals:
        return
    (destination,) = location_ids(found.destination)
    sellers = transfers.sellers_of(found.id)
    change_incoming(
        [
            IncomingChange(
                sku_id=arrival.sku_id,
                delta=-arrival.units,
                reference=f"{stem}:{arrival.sku_id}",
                location=found.destination,
                seller=sellers[arrival.sku_id],
            )
            for arrival in arrivals
        ]
    )

    why = command.reason or found.reason
    coming, leaving = [], []
    for arrival in arrivals:
        seller = sellers[arrival.sku_id]
        into = Entry(
            id=new_id(),
            sku_id=arrival.sku_id,
            location_id=destination,
            kind="transfer_in",
            delta=arrival.received + arrival.lost,
            damaged=arrival.damaged,
            reason=(why or "arrived")[:200],
            seller=seller,
            reference=str(found.id),
            actor=command.actor,
            key=_arrived(stem, arrival.sku_id),
        )
        good, lost = _carried(into, arrival)
        coming.append(
            replace(into, lots=good.lots + lost.lots, serials=good.serials + lost.serials)
        )
        if arrival.lost:
            leaving.append(
                replace(
                    into,
                    id=new_id(),
                    kind="adjustment",
                    delta=-arrival.lost,
                    damaged=0,
                    reason=f"lost in transit: {why}"[:200] if why else "lost in transit",
                    key=f"{stem}:adjustment:{arrival.sku_id}",
                    lots=lost.lots,
                    serials=lost.serials,
                )
            )
    _write(coming)
    _write(leaving)


def _carried(into: Entry, arrival: Arrival) -> tuple[Carried, Carried]:
    """The lots and numbers of the units that came in good order, and of those that were lost."""
    tracked = lots.tracking_of([into.sku_id]).get(into.sku_id)
    if tracked is None:
        return Carried(), Carried()
    units: list[LotUnits] = []
    numbers: list[str] = []
    if tracked.lots:
        on_way = lots.travelling(into.reference, into.sku_id)
        units = [LotUnits(code=code, quantity=n, expires_on=day) for code, n, day in on_way]
    if tracked.serials:
        numbers = lots.travelling_serials(into.reference, into.sku_id, into.delta)
    return split(units, numbers, arrival.received, arrival.lost)


def _write(entries: Iterable[Entry]) -> None:
    if wanted := list(entries):
        write_all(wanted)
