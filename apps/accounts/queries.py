"""Reads of accounts."""

from uuid import UUID

from django.db.models.functions import Now

from apps.accounts.models import Session
from ecommerce.identity import Viewer


def live_viewer(session_id: UUID) -> Viewer | None:
    """Who is signed in by a session that is neither revoked nor over, and not locked out."""
    row = (
        Session.objects.filter(
            id=session_id, revoked_at=None, expires_at__gt=Now(), user__is_active=True
        )
        .values_list("user_id", "user__roles", "user__seller_id")
        .first()
    )
    if row is None:
        return None
    user_id, roles, seller = row
    return Viewer(user_id=user_id, roles=frozenset(roles), seller=seller)
