"""Do the stock's books hold? Read by operators and by every experiment at its end."""

from apps.inventory.queries import auditing
from apps.inventory.types import StockAudit


def audit_stock() -> StockAudit:
    """on_hand and damaged = sums of the ledger; reserved and allocated = what open reservations hold;
    incoming = what is on its way, of that by transfers what open ones carry; lots and
    serial numbers = what is on hand. Differences only.
    """
    return StockAudit(
        levels_checked=auditing.count_levels(),
        on_hand_off=auditing.on_hand_off(),
        reserved_off=auditing.reserved_off(),
        allocated_off=auditing.allocated_off(),
        damaged_off=auditing.damaged_off(),
        incoming_off=auditing.incoming_off(),
        in_transit_off=auditing.in_transit_off(),
        lots_off=auditing.lots_off(),
    )
