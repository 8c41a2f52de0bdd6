"""What users keep about themselves."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from django.db import transaction

from apps.accounts import models, queries
from apps.accounts.errors import UserNotFound
from apps.accounts.types import Preferences, ProfileChange, User
from ecommerce.errors import Fault, Invalid, StaleVersion
from ecommerce.places import known_currency


def get_profile(*, user_id: UUID) -> User:
    """A user's own profile. Raises UserNotFound."""
    user = models.User.objects.filter(id=user_id).first()
    if user is None:
        raise UserNotFound
    return queries.user_view(user)


@transaction.atomic
def update_profile(
    *, user_id: UUID, change: ProfileChange, version: int | None, now: datetime
) -> User:
    """Change what is named. Raises StaleVersion where the caller read another version."""
    user = models.User.objects.select_for_update().filter(id=user_id).first()
    if user is None:
        raise UserNotFound
    if version is not None and version != user.version:
        raise StaleVersion
    changed = {
        name: value
        for name, value in asdict(change).items()
        if value is not None and value != getattr(user, name)
    }
    if changed:
        for name, value in changed.items():
            setattr(user, name, value)
        user.version += 1
        user.updated_at = now
        user.save(update_fields=[*changed, "version", "updated_at"])
    return queries.user_view(user)


def get_preferences(*, user_id: UUID) -> Preferences:
    """What the user chose, or the defaults."""
    return queries.preferences(user_id)


def replace_preferences(*, user_id: UUID, chosen: Preferences, now: datetime) -> Preferences:
    """Set all of them at once. Raises Invalid for a currency or a time zone that does not exist."""
    _check(chosen)
    row = {**asdict(chosen), "currency": chosen.currency or "", "updated_at": now}
    models.Preferences.objects.update_or_create(user_id=user_id, defaults=row)
    return chosen


def _check(chosen: Preferences) -> None:
    faults = []
    if chosen.currency is not None and not known_currency(chosen.currency):
        faults.append(Fault(pointer="/currency", detail="No ISO 4217 currency.", code="unknown"))
    if chosen.time_zone not in available_timezones():
        faults.append(Fault(pointer="/time_zone", detail="No IANA time zone.", code="unknown"))
    if faults:
        raise Invalid("Some preferences do not exist.", faults=faults)
