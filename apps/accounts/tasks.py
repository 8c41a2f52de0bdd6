"""Tidying up, again and again."""

from typing import Any

from apps.accounts import services
from ecommerce.clock import now
from ecommerce.periodic import periodic


@periodic(seconds=3600)
def forget_old_sessions(**_: Any) -> None:
    """Delete what is over and of no more use: old sessions, forgiven failures."""
    services.forget_old_sessions(now=now())
