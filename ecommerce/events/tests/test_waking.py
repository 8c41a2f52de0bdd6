"""Wake-ups: one a transaction, few at all, and never in a sale's way."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from django.db import transaction
from pytest_django import Settings

from ecommerce.events import publish, wake
from ecommerce.events.tests.kit import ParcelSent, rows, send

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[list[str]]:
    """What was sent to the broker."""
    settings.EVENTS_WAKE = True
    sent: list[str] = []

    def send_task(name: str, **_: Any) -> None:
        sent.append(name)

    monkeypatch.setattr(current_app, "send_task", send_task)
    monkeypatch.setitem(wake._broker, "asleep_until", 0.0)
    wake.awake()
    yield sent
    wake.awake()


def test_a_transaction_wakes_once_however_much_it_publishes(messages: list[str]) -> None:
    with transaction.atomic():
        for number in range(5):
            publish(ParcelSent(parcel="a", number=number))
        assert messages == []

    assert messages == ["ecommerce.events.tasks.pump"]


def test_a_rolled_back_transaction_wakes_nobody(messages: list[str]) -> None:
    with transaction.atomic():
        publish(ParcelSent(parcel="a", number=1))
        transaction.set_rollback(True)

    assert messages == []


def test_a_publish_after_a_rolled_back_savepoint_still_wakes(messages: list[str]) -> None:
    with transaction.atomic():
        with transaction.atomic():
            publish(ParcelSent(parcel="a", number=1))
            transaction.set_rollback(True)
        publish(ParcelSent(parcel="a", number=2))

    assert len(messages) == 1


def test_one_message_is_enough_until_a_pump_takes_it(messages: list[str]) -> None:
    for number in range(5):
        send(("a", number))
    assert len(messages) == 1

    wake.awake()
    send(("a", 5))

    assert len(messages) == 2


def test_without_valkey_the_sale_is_made_at_once_and_the_event_waits(
    messages: list[str], settings: Settings
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    before = time.monotonic()
    for number in range(20):
        send(("a", number))

    assert time.monotonic() - before < 1
    assert messages == []
    assert rows("SELECT count(*) FROM outbox") == [(20,)]
    assert wake._broker["asleep_until"] > time.monotonic()


def test_a_broker_that_refuses_is_left_in_peace_for_a_while(
    messages: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def refuse(name: str, **_: Any) -> None:
        tries.append(name)
        raise ConnectionError

    monkeypatch.setattr(current_app, "send_task", refuse)
    for number in range(3):
        send(("a", number))

    assert len(tries) == 1
    assert rows("SELECT count(*) FROM outbox") == [(3,)]
