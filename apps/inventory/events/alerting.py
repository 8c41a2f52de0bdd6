"""What the watch over stock found. Keyed by the alert."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ecommerce.events.registry import event


@dataclass(frozen=True, kw_only=True, slots=True)
class _Alert:
    alert_id: UUID
    rule_id: UUID
    rule: str
    watch: str
    threshold: int
    value: int
    sku_id: UUID | None
    location_id: str | None
    since: datetime


@event("ecommerce.inventory.alert.triggered.v1", key="alert_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class AlertTriggered(_Alert):
    """A rule's condition has lasted long enough."""


@event("ecommerce.inventory.alert.resolved.v1", key="alert_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class AlertResolved(_Alert):
    """It has been clear for long enough."""
