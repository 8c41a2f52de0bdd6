"""Deleting what is over."""

from datetime import datetime, timedelta

from django.db.models import Q

from apps.accounts.models import LoginGuard, Session
from apps.accounts.services._guard import FORGET_AFTER

KEPT = timedelta(days=30)
"""How long a session that is over can still be looked at."""


def forget_old_sessions(*, now: datetime) -> int:
    """Delete sessions that have been over for a month, and failed sign-ins that no longer count."""
    LoginGuard.objects.filter(
        last_attempt_at__lt=now - FORGET_AFTER, blocked_until__lt=now
    ).delete()
    over = Q(expires_at__lt=now - KEPT) | Q(revoked_at__lt=now - KEPT)
    return Session.objects.filter(over).delete()[0]
