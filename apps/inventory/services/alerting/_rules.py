"""What is watched."""

import secrets
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.inventory.errors import NoAlertRule
from apps.inventory.models import AlertRule
from apps.inventory.services._write import location_ids
from apps.inventory.types import StockWatch, Watch, WatchStock


def watch_stock(command: WatchStock) -> StockWatch:
    """Make a rule; it is looked at from the next round on. Raises UnknownLocation."""
    location_id = location_ids(command.location)[0] if command.location else None
    rule = AlertRule.objects.create(
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
    return get_alert_rule(rule_id=rule.id)


@transaction.atomic
def change_alert_rule(*, rule_id: UUID, changes: dict[str, Any]) -> StockWatch:
    """Change a rule's threshold, patience, receivers, or whether it is active. Raises NoAlertRule."""
    rule = _locked(rule_id)
    for name, value in changes.items():
        setattr(rule, name, value)
    if rule.webhook_url and not rule.webhook_secret:
        rule.webhook_secret = secrets.token_hex(32)
    rule.save()
    return get_alert_rule(rule_id=rule_id)


@transaction.atomic
def stop_alert_rule(*, rule_id: UUID) -> None:
    """Remove a rule with what it found. Raises NoAlertRule."""
    _locked(rule_id).delete()


def get_alert_rule(*, rule_id: UUID) -> StockWatch:
    """One rule. Raises NoAlertRule."""
    rule = AlertRule.objects.select_related("location").filter(id=rule_id).first()
    if rule is None:
        raise NoAlertRule(f"no alert rule {rule_id}")
    return StockWatch(
        id=rule.id,
        name=rule.name,
        watch=rule.watch,
        threshold=rule.threshold,
        clear_by=rule.clear_by,
        for_seconds=rule.for_seconds,
        sku_id=rule.sku_id,
        location_code=rule.location.code if rule.location else None,
        emails=tuple(rule.emails),
        webhook_url=rule.webhook_url,
        webhook_secret=rule.webhook_secret,
        active=rule.active,
        created_at=rule.created_at,
    )


def _locked(rule_id: UUID) -> AlertRule:
    rule = AlertRule.objects.select_for_update().filter(id=rule_id).first()
    if rule is None:
        raise NoAlertRule(f"no alert rule {rule_id}")
    return rule
