"""Reads that others may ask for."""

from collections.abc import Collection, Mapping
from uuid import UUID

from apps.catalog import services as catalog
from apps.inventory.errors import NoReservation, UnknownSku
from apps.inventory.queries import reading
from apps.inventory.types import Availability, Reservation, SkuStock


def availability(*, sku_ids: Collection[UUID]) -> Mapping[UUID, Availability]:
    """What can be promised of each SKU now, over all active locations. One statement."""
    return reading.availability(sku_ids)


def sku_stock(*, sku_id: UUID, location: str | None = None) -> SkuStock:
    """A SKU's levels, at all locations or at one."""
    return reading.sku_stock(sku_id, location)


def find_sku(*, sku: str) -> UUID:
    """The id of a SKU that is named by its id or its code. Raises UnknownSku."""
    return find_skus(skus=(sku,))[sku]


def find_skus(*, skus: Collection[str]) -> Mapping[str, UUID]:
    """The ids of SKUs that are named by their ids or codes: one statement for all. Raises UnknownSku."""
    ids = {sku: found for sku in skus if (found := _as_id(sku))}
    codes = [sku for sku in skus if sku not in ids]
    known = catalog.find_skus(ids=tuple(ids.values()), codes=tuple(codes))
    by_code = {sku.code: sku.id for sku in known.values()}
    result = {
        sku: by_code.get(sku) or (ids.get(sku) if ids.get(sku) in known else None) for sku in skus
    }
    missing = [sku for sku, found in result.items() if found is None]
    if missing:
        raise UnknownSku(f"no SKU {missing[0]!r}", skus=missing[:100])
    return {sku: found for sku, found in result.items() if found is not None}


def get_reservation(*, reservation_id: UUID) -> Reservation:
    """A reservation by its id. Raises NoReservation."""
    found = reading.reservation(id=reservation_id)
    if found is None:
        raise NoReservation(f"no reservation {reservation_id}")
    return found


def _as_id(sku: str) -> UUID | None:
    try:
        return UUID(sku)
    except ValueError:
        return None
