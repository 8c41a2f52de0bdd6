"""Transfers as plain values."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from apps.inventory.models import StockTransfer, StockTransferLine
from apps.inventory.types import Transfer, TransferLine


def transfers(**filters: Any) -> "QuerySet[StockTransfer]":
    """Transfers with their lines, to be paged through. Filters of None are left out."""
    wanted = {name: value for name, value in filters.items() if value is not None}
    named = StockTransfer.objects.filter(**wanted).annotate(
        source_code=F("source__code"), destination_code=F("destination__code")
    )
    return named.prefetch_related("lines")


def transfer(transfer_id: UUID, *, lock: bool = False) -> Transfer | None:
    """A transfer by its id, its row locked if asked for."""
    found = StockTransfer.objects.select_related("source", "destination").filter(id=transfer_id)
    row = (found.select_for_update(of=("self",)) if lock else found).first()
    if row is None:
        return None
    return Transfer(
        id=row.id,
        source=row.source.code,
        destination=row.destination.code,
        status=row.status,  # type: ignore[arg-type]  # the column has the same choices
        reason=row.reason,
        requested_at=row.requested_at,
        shipped_at=row.shipped_at,
        closed_at=row.closed_at,
        lines=tuple(
            TransferLine(
                sku_id=line.sku_id,
                quantity=line.quantity,
                received=line.received,
                damaged=line.damaged,
                lost=line.lost,
            )
            for line in row.lines.order_by("sku_id")
        ),
    )


def sellers_of(transfer_id: UUID) -> dict[UUID, str]:
    """Whose units a transfer carries, by SKU."""
    lines = StockTransferLine.objects.filter(transfer_id=transfer_id)
    return dict(lines.values_list("sku_id", "seller"))


def write_lines(transfer_id: UUID, lines: Iterable[TransferLine]) -> None:
    """What became of the units of each line: one statement."""
    rows = {row.sku_id: row for row in StockTransferLine.objects.filter(transfer_id=transfer_id)}
    for line in lines:
        row = rows[line.sku_id]
        row.received, row.damaged, row.lost = line.received, line.damaged, line.lost
    StockTransferLine.objects.bulk_update(rows.values(), ["received", "damaged", "lost"])
