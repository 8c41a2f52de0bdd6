"""Change what is on hand: receipts, corrections, transfers, many at once."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Literal
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.movements import refusal_of
from apps.inventory.errors import EmptyStockChange, TooManyUnits, UnknownLocation
from apps.inventory.queries import reading
from apps.inventory.queries.ledger import Entry, Written, lock
from apps.inventory.queries.lots import tracking_of
from apps.inventory.services._write import (
    change_of,
    location_ids,
    refusal,
    write_all,
    write_each,
)
from apps.inventory.types import AdjustStock, BulkItem, LotUnits, StockChange, TransferStock
from ecommerce.dimensions import LOCATION, SELLER
from ecommerce.errors import ShopError
from ecommerce.ids import new_id


@transaction.atomic
def adjust_stock(command: AdjustStock) -> StockChange:
    """Change on-hand by some units and write down why.

    Raises EmptyStockChange, WrongDirection where that kind of movement goes the other way,
    InsufficientStock rather than take what is promised or is not there, LevelChanged if the level is
    not at ``expected_version``, UnknownLocation, NotTracked for lots or numbers of a SKU that has none. A repeated key returns the first change.
    """
    if refused := _wrongness(command):
        raise refused
    (location_id,) = location_ids(command.location)
    (change,) = write_all([_entry(command, location_id)])
    return change


def receive_stock(
    *,
    sku_id: UUID,
    quantity: int,
    location: str = LOCATION,
    seller: str = SELLER,
    reference: str = "",
    idempotency_key: str | None = None,
    lots: tuple[LotUnits, ...] = (),
    serials: tuple[str, ...] = (),
) -> StockChange:
    """Goods came in; of SKUs whose units are told apart, these lots and serial numbers."""
    if quantity < 1:
        raise EmptyStockChange(f"{quantity} units cannot be received")
    return adjust_stock(
        AdjustStock(
            sku_id=sku_id,
            delta=quantity,
            reason="received",
            location=location,
            kind="receipt",
            seller=seller,
            reference=reference,
            idempotency_key=idempotency_key,
            lots=lots,
            serials=serials,
        )
    )


@transaction.atomic
def transfer_stock(command: TransferStock) -> tuple[StockChange, StockChange]:
    """Move units between locations: out of one and into the other, or neither. They stay their seller's."""
    if command.quantity < 1 or command.source == command.destination:
        raise EmptyStockChange("a transfer moves units from one location to another")
    source, destination = location_ids(command.source, command.destination)
    seller = reading.seller_at(command.sku_id, source)
    out = Entry(
        id=new_id(),
        sku_id=command.sku_id,
        location_id=source,
        kind="transfer_out",
        delta=-command.quantity,
        reason=command.reason,
        seller=seller,
        reference=command.destination,
        actor=command.actor,
        key=command.idempotency_key and f"{command.idempotency_key}:out",
    )
    into = replace(
        out,
        id=new_id(),
        like=out.id,
        location_id=destination,
        kind="transfer_in",
        delta=command.quantity,
        reference=command.source,
        key=command.idempotency_key and f"{command.idempotency_key}:in",
    )
    left, arrived = write_all([out, into])
    return left, arrived


def bulk_adjust(commands: Sequence[AdjustStock]) -> tuple[BulkItem, ...]:
    """Adjust many levels; each item succeeds or is refused by itself, and is told so.

    Items of one level are applied in the order given. Set-based, but for SKUs whose units are told apart,
    and where one is of more units than can be counted.
    """
    try:
        return _bulk_adjust(commands)
    except TooManyUnits:
        return _bulk_adjust(commands, each_alone=True)


@transaction.atomic
def _bulk_adjust(
    commands: Sequence[AdjustStock], *, each_alone: bool = False
) -> tuple[BulkItem, ...]:
    known = reading.location_ids({command.location for command in commands})
    results = {
        index: _refused(index, refused)
        for index, command in enumerate(commands)
        if (refused := _refusal(command, known))
    }
    waiting = [index for index in range(len(commands)) if index not in results]
    tracked = tracking_of({command.sku_id for command in commands})
    apart = [i for i in waiting if each_alone or _told_apart(commands[i], tracked)]
    if apart:
        lock([_entry(commands[i], known[commands[i].location]) for i in waiting])
        results |= {index: _alone(index, commands[index]) for index in apart}
        waiting = [index for index in waiting if index not in results]
    while waiting:
        turn, waiting = _one_each(commands, waiting)
        written = write_each([_entry(commands[i], known[commands[i].location]) for i in turn])
        for index, outcome in zip(turn, written, strict=True):
            results[index] = _item(index, outcome)
    return tuple(results[index] for index in range(len(commands)))


def _refusal(command: AdjustStock, known: Collection[str]) -> ShopError | None:
    if command.location not in known:
        return UnknownLocation(f"no location {command.location!r}")
    return _wrongness(command)


def _told_apart(command: AdjustStock, tracked: Collection[UUID]) -> bool:
    return command.sku_id in tracked or bool(command.lots or command.serials)


def _alone(index: int, command: AdjustStock) -> BulkItem:
    try:
        with transaction.atomic():
            change = adjust_stock(command)
    except ShopError as refused:
        return _refused(index, refused)
    status: Literal["applied", "replayed"] = "replayed" if change.replayed else "applied"
    return BulkItem(index=index, status=status, change=change)


def _wrongness(command: AdjustStock) -> ShopError | None:
    return refusal_of(command.kind, command.delta, _damaged(command))


def _damaged(command: AdjustStock) -> int:
    return -command.delta if command.kind == "damage" else command.damaged_delta


def _one_each(commands: Sequence[AdjustStock], waiting: list[int]) -> tuple[list[int], list[int]]:
    seen: set[tuple[UUID, str]] = set()
    keys: set[str] = set()
    turn, later = [], []
    for index in waiting:
        command = commands[index]
        level = (command.sku_id, command.location)
        if level in seen or command.idempotency_key in keys:
            later.append(index)
            continue
        seen.add(level)
        if command.idempotency_key:
            keys.add(command.idempotency_key)
        turn.append(index)
    return turn, later


def _item(index: int, outcome: Written) -> BulkItem:
    if outcome.outcome in {"applied", "replayed"}:
        return BulkItem(
            index=index,
            status="applied" if outcome.outcome == "applied" else "replayed",
            change=change_of(outcome),
        )
    return _refused(index, refusal(outcome))


def _refused(index: int, error: ShopError) -> BulkItem:
    return BulkItem(index=index, status="refused", code=error.code, detail=error.detail)


def _entry(command: AdjustStock, location_id: UUID) -> Entry:
    return Entry(
        id=new_id(),
        sku_id=command.sku_id,
        location_id=location_id,
        kind=command.kind,
        delta=command.delta,
        damaged=_damaged(command),
        reason=command.reason,
        seller=command.seller,
        reference=command.reference,
        actor=command.actor,
        key=command.idempotency_key,
        version=command.expected_version,
        lots=command.lots,
        serials=command.serials,
    )
