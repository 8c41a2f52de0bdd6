"""Alerts: what to watch, and what was found."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Watch(StrEnum):
    """What a rule's threshold is compared with."""

    LOW = "low"
    """Units that can be promised: at or below the threshold."""
    OVER = "over"
    """Units on hand: at or above the threshold."""
    NO_MOVEMENT = "no_movement"
    """Days since the last ledger entry of what lies there: at or above the threshold."""
    EXPIRING = "expiring"
    """Days until the first lot on hand expires: at or below the threshold. Expired long ago is nought."""
    STOCKOUT_RATE = "stockout_rate"
    """Per cent of the SKUs of which nothing can be promised: at or above the threshold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchStock:
    """Be told of something, of which ``Watch`` says what the threshold means.

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


@dataclass(frozen=True, kw_only=True, slots=True)
class StockWatch:
    """A rule as it stands. ``webhook_secret`` signs what its webhook is sent."""

    id: UUID
    name: str
    watch: str
    threshold: int
    clear_by: int
    for_seconds: int
    sku_id: UUID | None
    location_code: str | None
    emails: tuple[str, ...]
    webhook_url: str
    webhook_secret: str
    active: bool
    created_at: datetime
