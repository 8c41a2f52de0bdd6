"""Where stock lies."""

from uuid import UUID

from apps.inventory.errors import UnknownLocation
from apps.inventory.models import Location
from apps.inventory.queries import reading
from apps.inventory.services._write import location_ids
from apps.inventory.types import LocationSummary


def ensure_location(
    *, code: str, name: str = "", kind: str = "warehouse", country: str = "DE", priority: int = 100
) -> UUID:
    """The id of a location, made if it is not there. One that is there stays as it is."""
    location, _ = Location.objects.get_or_create(
        code=code,
        defaults={
            "name": name or code.replace("-", " ").title(),
            "kind": kind,
            "country": country,
            "priority": priority,
        },
    )
    return location.id


def known_location(*, location: str | None) -> str | None:
    """The code as it was given, or None. Raises UnknownLocation where nothing has that code."""
    if location is not None:
        location_ids(location)
    return location


def location_summary(*, location_id: UUID) -> LocationSummary:
    """What lies at a location. Raises UnknownLocation."""
    location = Location.objects.filter(id=location_id).first()
    if location is None:
        raise UnknownLocation(f"no location {location_id}")
    return reading.location_summary(location)
