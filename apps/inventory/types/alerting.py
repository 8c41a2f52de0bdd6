"""Alerts: what to watch, and what was found."""

from dataclasses import dataclass
from uuid import UUID

from apps.inventory.domain.alerting import Watch


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchStock:
    """Be told of something, see domain/alerting.py for what the threshold means.

    Of one SKU or all, at one location or over all active ones; by mail, by webhook or only in the list.
    """

    name: str
    watch: Watch
    threshold: int
    clear_by: int = 0
    for_seconds: int = 0
    sku_id: UUID | None = None
    location: str | None = None
    emails: tuple[str, ...] = ()
    webhook_url: str = ""
    actor: str = ""
