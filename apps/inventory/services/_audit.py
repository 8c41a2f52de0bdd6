"""Do the stock's books hold? Read by operators and by every experiment at its end."""

from apps.inventory.queries import auditing
from apps.inventory.types import StockAudit


def audit_stock() -> StockAudit:
    """on_hand = sum of the ledger; reserved and allocated = what open reservations hold. Differences only."""
    return StockAudit(
        levels_checked=auditing.count_levels(),
        on_hand_off=auditing.on_hand_off(),
        reserved_off=auditing.reserved_off(),
        allocated_off=auditing.allocated_off(),
        backordered_off=auditing.backordered_off(),
    )
