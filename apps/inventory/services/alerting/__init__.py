"""Watching stock: rules, what they find, and telling people."""

from apps.inventory.services.alerting._rules import (
    change_alert_rule,
    get_alert_rule,
    stop_alert_rule,
    watch_stock,
)
from apps.inventory.services.alerting._tell import send_alert_messages
from apps.inventory.services.alerting._watch import look_at_skus, look_at_stock

__all__ = [
    "change_alert_rule",
    "get_alert_rule",
    "look_at_skus",
    "look_at_stock",
    "send_alert_messages",
    "stop_alert_rule",
    "watch_stock",
]
