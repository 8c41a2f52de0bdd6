"""Movements by hand."""

from apps.inventory.domain.by_hand import deltas_of
from apps.inventory.services._change import adjust_stock
from apps.inventory.types import AdjustStock, RecordMovement, StockChange


def record_movement(command: RecordMovement) -> StockChange:
    """Write down that goods came, came back, broke, were thrown away or found. Refuses what
    ``adjust_stock`` does; a repeated key returns the first change.
    """
    delta, damaged = deltas_of(command.kind, command.quantity, damaged=command.damaged)
    return adjust_stock(
        AdjustStock(
            sku_id=command.sku_id,
            delta=delta,
            damaged_delta=damaged,
            reason=command.reason,
            location=command.location,
            kind=command.kind,
            seller=command.seller,
            reference=command.reference,
            actor=command.actor,
            lots=command.lots,
            serials=command.serials,
            idempotency_key=command.idempotency_key,
        )
    )
