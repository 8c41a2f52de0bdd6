"""Looking: what is as a rule says becomes an alert, and what is no longer so is resolved."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.inventory.events import AlertResolved, AlertTriggered
from apps.inventory.models import AlertInstance, AlertMessage, AlertRule
from apps.inventory.queries import alerting
from apps.inventory.queries.alerting import Moved
from apps.inventory.types import Watch
from ecommerce.events import publish_many

_AT_ONCE = (Watch.LOW, Watch.OVER)
"""What a single sale can bring about is looked at when it happens; the rest in rounds."""


def look_at_stock(*, now: datetime) -> int:
    """Look at everything that is watched; how many alerts were triggered or resolved."""
    rules = AlertRule.objects.filter(active=True).order_by("id").values_list("id", flat=True)
    return sum(_look(rule_id, None, now) for rule_id in rules)


def look_at_skus(skus: Collection[UUID], *, now: datetime) -> int:
    """Look at some SKUs whose stock has just changed, as look_at_stock. One statement where nothing is watched."""
    rules = AlertRule.objects.filter(active=True, watch__in=_AT_ONCE).order_by("id")
    wanted = [rule.id for rule in rules if rule.sku_id is None or rule.sku_id in skus]
    return sum(_look(rule_id, skus, now) for rule_id in wanted)


@transaction.atomic
def _look(rule_id: UUID, skus: Collection[UUID] | None, now: datetime) -> int:
    # The rule's row is the lock: two who look at once would tell of one alert twice.
    rule = AlertRule.objects.select_for_update().filter(id=rule_id, active=True).first()
    if rule is None:
        return 0
    moved = alerting.move(rule, skus=skus, now=now)
    AlertMessage.objects.bulk_create(_messages(rule, moved, now), batch_size=1_000)
    publish_many([_news(rule, one) for one in moved])
    return len(moved)


def _messages(rule: AlertRule, moved: Sequence[Moved], now: datetime) -> Iterator[AlertMessage]:
    targets = [(AlertMessage.Channel.MAIL, email) for email in rule.emails]
    if rule.webhook_url:
        targets.append((AlertMessage.Channel.WEBHOOK, rule.webhook_url))
    for one in moved:
        for channel, target in targets:
            yield AlertMessage(
                instance_id=one.id,
                rule=rule,
                news=one.state.lower(),
                value=one.value,
                channel=channel,
                target=target,
                next_try_at=now,
            )


def _news(rule: AlertRule, one: Moved) -> AlertTriggered | AlertResolved:
    kind = AlertTriggered if one.state == AlertInstance.State.TRIGGERED else AlertResolved
    return kind(
        alert_id=one.id,
        rule_id=rule.id,
        rule=rule.name,
        watch=rule.watch,
        threshold=rule.threshold,
        value=one.value,
        sku_id=one.sku_id,
        location_id=one.location,
        since=one.since,
    )
