"""What is watched."""

import secrets
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from apps.inventory.domain.alerting import Watch
from apps.inventory.errors import NoAlertRule
from apps.inventory.models import AlertInstance, AlertRule
from apps.inventory.services._write import location_ids
from apps.inventory.types import WatchStock


def watch_stock(command: WatchStock) -> AlertRule:
    """Make a rule; it is looked at from the next round on. Raises UnknownLocation."""
    location_id = location_ids(command.location)[0] if command.location else None
    return AlertRule.objects.create(
        name=command.name,
        watch=command.watch,
        threshold=command.threshold,
        clear_by=command.clear_by,
        for_seconds=command.for_seconds,
        sku_id=None if command.watch == Watch.STOCKOUT_RATE else command.sku_id,
        location_id=location_id,
        emails=list(command.emails),
        webhook_url=command.webhook_url,
        webhook_secret=secrets.token_hex(32) if command.webhook_url else "",
        created_by=command.actor,
    )


@transaction.atomic
def change_alert_rule(*, rule_id: UUID, changes: dict[str, Any]) -> AlertRule:
    """Change a rule's threshold, patience, receivers, or whether it is active. Raises NoAlertRule."""
    rule = _locked(rule_id)
    for name, value in changes.items():
        setattr(rule, name, value)
    if rule.webhook_url and not rule.webhook_secret:
        rule.webhook_secret = secrets.token_hex(32)
    rule.save()
    return rule


@transaction.atomic
def stop_alert_rule(*, rule_id: UUID) -> None:
    """Remove a rule with what it found. Raises NoAlertRule."""
    _locked(rule_id).delete()


def get_alert_rule(*, rule_id: UUID) -> AlertRule:
    """One rule. Raises NoAlertRule."""
    rule = alert_rules().filter(id=rule_id).first()
    if rule is None:
        raise NoAlertRule(f"no alert rule {rule_id}")
    return rule


def alert_rules() -> QuerySet[AlertRule]:
    """All rules, to be paged through."""
    return AlertRule.objects.annotate(location_code=F("location__code"))


def alerts(
    *, rule_id: UUID | None = None, state: str | None = None, sku_id: UUID | None = None
) -> QuerySet[AlertInstance]:
    """What was found: those that wait to be triggered are left out unless asked for. Raises NoAlertRule."""
    rows = AlertInstance.objects.annotate(
        location_code=F("location__code"), rule_name=F("rule__name")
    )
    if rule_id is not None:
        get_alert_rule(rule_id=rule_id)
        rows = rows.filter(rule_id=rule_id)
    rows = rows.filter(state=state) if state else rows.exclude(state="PENDING")
    return rows.filter(sku_id=sku_id) if sku_id else rows


def _locked(rule_id: UUID) -> AlertRule:
    rule = AlertRule.objects.select_for_update().filter(id=rule_id).first()
    if rule is None:
        raise NoAlertRule(f"no alert rule {rule_id}")
    return rule
