"""The shop's time is the database's, whatever the machine's clock says."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction

from ecommerce import clock, database_clock

LATER = datetime(2031, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_clock_again() -> Iterator[None]:
    yield
    clock.follow(None)


def test_a_process_that_follows_none_has_its_own_time() -> None:
    with time_machine.travel(LATER, tick=False):
        assert clock.now() == LATER


def test_one_that_follows_is_asked_for_the_time_once_and_carries_it_on() -> None:
    asked: list[datetime] = []

    def read() -> datetime:
        asked.append(LATER)
        return LATER

    clock.follow(read)
    first, second = clock.now(), clock.now()

    assert LATER <= first <= second < LATER + timedelta(seconds=5)
    assert len(asked) == 1


def test_where_the_other_clock_cannot_be_read_ones_own_will_do() -> None:
    clock.follow(lambda: None)

    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.django_db
def test_the_database_is_followed_even_by_a_machine_whose_clock_is_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "_skew", timedelta(hours=3))
    assert clock.now() - datetime.now(UTC) > timedelta(hours=2)
    database_clock.follow_database()

    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_failed_is_not_asked() -> None:
    database_clock.follow_database()
    with transaction.atomic():
        connection.set_rollback(True)
        clock.now()

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
