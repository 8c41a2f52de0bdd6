"""Who is told of alerts: a mailbox by the server that ``EMAIL_URL`` names, or a webhook."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

import orjson
from django.conf import settings
from django.core.mail import EmailMessage

from apps.inventory.models import AlertMessage, AlertRule
from ecommerce.calling import Patience, Peer

PATIENCE = Patience(connect_seconds=3, read_seconds=5, whole_seconds=10, body_bytes=10_000)
SIGNATURE = "Shop-Signature"


class Refused(Exception):
    """The webhook answered, and did not take it."""


def mail(
    to: str, rule: AlertRule, messages: Sequence[AlertMessage], codes: Mapping[object, str]
) -> None:
    """One mail with a line for each alert. Raises OSError, what mail servers refuse among it."""
    triggered = sum(message.news == "triggered" for message in messages)
    lines = [_line(message, codes) for message in messages]
    EmailMessage(
        subject=f"{rule.name}: {triggered} new, {len(messages) - triggered} resolved",
        body=f"{rule.name} ({rule.get_watch_display()}, threshold {rule.threshold})\n\n"
        + "\n".join(lines),
        to=[to],
    ).send()


def post(
    url: str,
    rule: AlertRule,
    messages: Sequence[AlertMessage],
    codes: Mapping[object, str],
    *,
    now: datetime,
) -> None:
    """The same as JSON, signed over ``<seconds>.<body>`` with the rule's secret (HMAC-SHA256).

    Raises NoAnswer, and Refused for any answer but 2xx. The address must be a public one unless the
    operator's settings allow others.
    """
    body = orjson.dumps(
        {
            "ruleId": str(rule.id),
            "rule": rule.name,
            "watch": rule.watch,
            "threshold": rule.threshold,
            "alerts": [_fact(message, codes) for message in messages],
        }
    )
    seconds = int(now.timestamp())
    digest = hmac.new(
        rule.webhook_secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256
    ).hexdigest()
    answer = Peer(url, PATIENCE, private=settings.ALERT_WEBHOOKS_MAY_BE_PRIVATE).call(
        "POST",
        "",
        body=body,
        headers={"Content-Type": "application/json", SIGNATURE: f"t={seconds},v1={digest}"},
    )
    if not 200 <= answer.status < 300:
        raise Refused(f"it answered {answer.status}")


def _line(message: AlertMessage, codes: Mapping[object, str]) -> str:
    alert = message.instance
    what = codes.get(alert.sku_id, str(alert.sku_id)) if alert.sku_id else "all SKUs"
    where = f" at {alert.location.code}" if alert.location else ""
    return f"{message.news}: {what}{where}: {message.value} ({alert.id})"


def _fact(message: AlertMessage, codes: Mapping[object, str]) -> dict[str, object]:
    alert = message.instance
    return {
        "alertId": str(alert.id),
        "news": message.news,
        "value": message.value,
        "skuId": str(alert.sku_id) if alert.sku_id else None,
        "sku": codes.get(alert.sku_id),
        "locationId": alert.location.code if alert.location else None,
        "since": alert.since.isoformat(),
    }
