"""Telling people: each receiver gets all that is new of a rule in one message.

What was sent but not noted, because the process died, is sent again: a message names each alert
with its id, so a receiver can tell.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from apps.catalog.services import find_skus
from apps.inventory.domain.alerting import MAX_TRIES, wait_seconds
from apps.inventory.gateways import receivers
from apps.inventory.models import AlertMessage
from ecommerce.calling import NoAnswer

log = logging.getLogger(__name__)
_TOGETHER = 200
_LEASE = timedelta(minutes=2)


def send_alert_messages(*, now: datetime, limit: int = 20) -> int:
    """Send what is due, so many messages at most; how many went out."""
    sent = 0
    for _turn in range(limit):
        messages = _take(now)
        if not messages:
            break
        sent += _send(messages, now)
    return sent


@transaction.atomic
def _take(now: datetime) -> list[AlertMessage]:
    """The oldest message that is due with what else goes to the same receiver: ours for a while."""
    waiting = AlertMessage.objects.filter(state="waiting", next_try_at__lte=now)
    first = waiting.order_by("next_try_at", "id").select_for_update(skip_locked=True).first()
    if first is None:
        return []
    together = waiting.filter(rule_id=first.rule_id, channel=first.channel, target=first.target)
    messages = list(
        together.select_related("rule", "instance__location")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("id")[:_TOGETHER]
    )
    _update(messages, next_try_at=now + _LEASE)
    return messages


def _send(messages: Sequence[AlertMessage], now: datetime) -> int:
    first = messages[0]
    titles = _titles(messages)
    try:
        if first.channel == AlertMessage.Channel.MAIL:
            receivers.mail(first.target, first.rule, messages, titles)
        else:
            receivers.post(first.target, first.rule, messages, titles, now=now)
    except (OSError, NoAnswer, receivers.Refused) as error:
        _put_off(messages, error, now)
        return 0
    _update(messages, state="sent", sent_at=now, last_error="")
    return 1


def _put_off(messages: Sequence[AlertMessage], error: Exception, now: datetime) -> None:
    tries = max(message.tries for message in messages) + 1
    given_up = tries >= MAX_TRIES
    log.log(
        logging.ERROR if given_up else logging.WARNING,
        "alerts of %s did not reach %s (try %s): %s",
        messages[0].rule.name,
        messages[0].target,
        tries,
        error,
    )
    _update(
        messages,
        tries=tries,
        state="given_up" if given_up else "waiting",
        next_try_at=now + timedelta(seconds=wait_seconds(tries)),
        last_error=str(error)[:300],
    )


def _update(messages: Sequence[AlertMessage], **values: object) -> None:
    AlertMessage.objects.filter(id__in=[message.id for message in messages]).update(**values)


def _titles(messages: Sequence[AlertMessage]) -> dict[object, str]:
    skus = {message.instance.sku_id for message in messages if message.instance.sku_id}
    return {sku_id: sku.code for sku_id, sku in find_skus(ids=skus).items()} if skus else {}
