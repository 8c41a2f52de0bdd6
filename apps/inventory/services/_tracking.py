"""Which SKUs' units are told apart, and what is known of their lots."""

import logging
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.lots import UNKNOWN
from apps.inventory.errors import InsufficientStock, LotShort, TrackingFixed, UnknownLot
from apps.inventory.queries import lots
from apps.inventory.services._change import adjust_stock
from apps.inventory.services._locations import known_location
from apps.inventory.types import AdjustStock, LotStock, LotUnits, Tracking

log = logging.getLogger(__name__)


@transaction.atomic
def track_sku(tracking: Tracking) -> Tracking:
    """Have a SKU's units told apart by lots, serial numbers, both or neither.

    Units on hand when lots begin become the lot UNKNOWN. Raises TrackingFixed where units on hand would need numbers,
    or would lose the lots they have.
    """
    levels = lots.locked_levels(tracking.sku_id)
    before = lots.tracking_of([tracking.sku_id]).get(
        tracking.sku_id, Tracking(sku_id=tracking.sku_id)
    )
    if before == tracking:
        return tracking
    stocked = [(location_id, on_hand) for location_id, on_hand in levels if on_hand]
    begins_lots = tracking.lots and not before.lots
    if stocked and (before.serials != tracking.serials or not begins_lots):
        raise TrackingFixed("units on hand are told apart otherwise", locations=len(stocked))
    lots.write_tracking(tracking)
    if begins_lots and stocked:
        unknown = lots.add_lot(tracking.sku_id, UNKNOWN, None)
        for location_id, on_hand in stocked:
            lots.move(tracking.sku_id, location_id, [(unknown, on_hand)])
    return tracking


def tracking(*, sku_id: UUID) -> Tracking:
    """What a SKU's units are told apart by."""
    return lots.tracking_of([sku_id]).get(sku_id, Tracking(sku_id=sku_id))


def sku_lots(*, sku_id: UUID, location: str | None = None) -> Sequence[LotStock]:
    """What is on hand of each lot of a SKU, the first to expire first. Raises UnknownLocation."""
    known_location(location=location)
    return lots.lot_stock(sku_id, location)


def find_lot(*, sku_id: UUID, code: str) -> UUID:
    """The id of a SKU's lot. Raises UnknownLot."""
    found = lots.lots_named(sku_id, [code])
    if code not in found:
        raise UnknownLot(f"no lot {code!r} of this SKU")
    return found[code][0]


def withdraw_expired(*, today: date, limit: int = 200) -> int:
    """Take what expired before today out of what can be sold; says how many units.

    They lie there still, as damaged, until someone scraps them. What is promised to orders stays until it is
    shipped from other lots or given back.
    """
    units = 0
    for sku_id, lot_id, code, location, seller, free in lots.expired(today, limit):
        command = AdjustStock(
            sku_id=sku_id,
            delta=-free,
            reason=f"lot {code} has expired",
            location=location,
            kind="damage",
            seller=seller,
            reference=f"lot:{lot_id}",
            lots=(LotUnits(code=code, quantity=free),),
        )
        try:
            adjust_stock(command)
        except (InsufficientStock, LotShort):
            log.info("%s of lot %s were promised or left meanwhile", free, code)
        else:
            units += free
    return units
