"""Reads that others may ask for."""

from collections.abc import Collection, Mapping
from uuid import UUID

from apps.catalog import services as catalog
from apps.catalog.types import Sku
from apps.inventory.errors import NoReservation, UnknownSku
from apps.inventory.queries import reading
from apps.inventory.services._locations import known_location
from apps.inventory.types import Availability, Reservation, SkuStock


def availability(*, sku_ids: Collection[UUID]) -> Mapping[UUID, Availability]:
    """What can be promised of each SKU now, over all active locations. One statement."""
    return reading.availability(sku_ids)


def sku_stock(*, sku_id: UUID, location: str | None = None) -> SkuStock:
    """A SKU's levels, at all locations or at one. Raises UnknownLocation."""
    known_location(location=location)
    return reading.sku_stock(sku_id, location)


def find_sku(*, sku: str) -> UUID:
    """The id of a SKU that is named by its id or its code. Raises UnknownSku."""
    return find_skus(skus=(sku,))[sku]


def find_skus(*, skus: Collection[str]) -> Mapping[str, UUID]:
    """The ids of SKUs that are named by their ids or codes: one statement for all. Raises UnknownSku."""
    return {name: sku.id for name, sku in known_skus(skus=skus).items()}


def known_skus(*, skus: Collection[str]) -> Mapping[str, Sku]:
    """As ``find_skus``, with what the catalog knows of them: whose they are, above all."""
    named = named_skus(skus)
    missing = [name for name in skus if name not in named]
    if missing:
        raise UnknownSku(f"no SKU {missing[0]!r}", skus=missing[:100])
    return {name: named[name] for name in skus}


def named_skus(skus: Collection[str]) -> dict[str, Sku]:
    """Those of the ids and codes that the catalog knows."""
    ids = {name: sku_id for name in skus if (sku_id := _as_id(name))}
    codes = tuple(name for name in skus if name not in ids)
    known = catalog.find_skus(ids=tuple(ids.values()), codes=codes)
    named = {sku.code: sku for sku in known.values()}
    named |= {name: known[sku_id] for name, sku_id in ids.items() if sku_id in known}
    return named


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
