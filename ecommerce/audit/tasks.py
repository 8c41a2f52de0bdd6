"""Sealing, again and again."""

from typing import Any

from ecommerce.audit.sealing import seal_entries
from ecommerce.clock import now
from ecommerce.periodic import periodic


@periodic(seconds=10)
def seal_audit(**_: Any) -> None:
    """Seal what was committed since the last time."""
    seal_entries(now=now())
