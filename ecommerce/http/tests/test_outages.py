"""The database goes away in the middle of a command: 503, nothing half done, and then it works again."""

from typing import Any

import pytest
from django.db import close_old_connections, connection

from ecommerce.http.tests import doors
from ecommerce.http.tests.sending import count, send

pytestmark = [
    pytest.mark.urls("ecommerce.http.tests.doors"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("effects"),
]


def lose_connection_once(monkeypatch: Any) -> None:
    """After the effect of the next command, and before its commit, the backend is killed."""
    record = doors.record
    calls: list[str] = []

    def record_and_die(note: str) -> int:
        number = record(note)
        calls.append(note)
        if len(calls) == 1:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return number

    monkeypatch.setattr(doors, "record", record_and_die)


def next_request() -> None:
    """What a server does between requests, and the test client does not."""
    close_old_connections()


def test_a_killed_backend_is_503_and_the_repeat_does_it_once(monkeypatch: Any) -> None:
    lose_connection_once(monkeypatch)

    lost = send({"note": "a"}, key="k")
    next_request()
    assert (lost.status_code, lost.json()["code"]) == (503, "unavailable/database")
    assert lost["Retry-After"] == "1"
    assert count() == 0

    assert send({"note": "a"}, key="k").status_code == 201
    assert send({"note": "a"}, key="k").has_header("Idempotency-Replayed")
    assert count() == 1


def test_a_lock_that_is_held_too_long_is_503() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(f"LOCK TABLE {doors.EFFECTS} IN ACCESS EXCLUSIVE MODE")
        answer = send({"note": "a"}, key="k")
        assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")

    assert send({"note": "a"}, key="k").status_code == 201


def test_a_deadlock_is_tried_again(monkeypatch: Any) -> None:
    record = doors.record
    calls: list[str] = []

    def deadlocked_once(note: str) -> int:
        calls.append(note)
        if len(calls) == 1:
            with connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$")
        return record(note)

    monkeypatch.setattr(doors, "record", deadlocked_once)

    assert send({"note": "a"}, key="k").status_code == 201
    assert (len(calls), count()) == (2, 1)
