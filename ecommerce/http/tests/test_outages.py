"""The database goes away in the middle of a command: 503, nothing half done, and then it works again."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import close_old_connections, connection

from ecommerce.http.tests import doors
from ecommerce.http.tests.sending import count, send
from ecommerce.testing import JsonClient

pytestmark = [
    pytest.mark.urls("ecommerce.http.tests.doors"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("effects"),
]


def leave() -> None:
    """The database sends us away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def lose_connection(monkeypatch: Any, *, times: int) -> list[str]:
    """After the effect of the next commands, and before their commit, the backend is killed."""
    record = doors.record
    calls: list[str] = []

    def record_and_die(note: str) -> int:
        number = record(note)
        calls.append(note)
        if len(calls) <= times:
            leave()
        return number

    monkeypatch.setattr(doors, "record", record_and_die)
    return calls


@pytest.fixture
def lost_commit(effects: None) -> Iterator[None]:
    """The first commit of an effect finds its backend killed."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE lost_commits")
        cursor.execute(
            "CREATE FUNCTION die_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF nextval('lost_commits') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;"
            " RETURN NULL; END $$"
        )
        cursor.execute(
            f"CREATE CONSTRAINT TRIGGER die_once AFTER INSERT ON {doors.EFFECTS}"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die_once()"
        )
    yield
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION die_once CASCADE")
        cursor.execute("DROP SEQUENCE lost_commits")


def next_request() -> None:
    """What a server does between requests, and the test client does not."""
    close_old_connections()


@pytest.mark.parametrize("key", [None, "k"])
def test_a_command_that_lost_its_connection_is_done_over_another(
    monkeypatch: Any, key: str | None
) -> None:
    calls = lose_connection(monkeypatch, times=1)

    assert send({"note": "a"}, key=key).status_code == 201
    assert (len(calls), count()) == (2, 1)


def test_a_database_that_keeps_sending_us_away_is_503_and_the_repeat_does_it_once(
    monkeypatch: Any,
) -> None:
    calls = lose_connection(monkeypatch, times=3)

    lost = send({"note": "a"}, key="k")
    next_request()
    assert (lost.status_code, lost.json()["code"]) == (503, "unavailable/database")
    assert lost["Retry-After"] == "1"
    assert (len(calls), count()) == (3, 0)

    assert send({"note": "a"}, key="k").status_code == 201
    assert send({"note": "a"}, key="k").has_header("Idempotency-Replayed")
    assert count() == 1


@pytest.mark.usefixtures("lost_commit")
def test_a_commit_that_was_not_answered_is_repeated_with_a_key() -> None:
    assert send({"note": "a"}, key="k").status_code == 201
    assert count() == 1


@pytest.mark.usefixtures("lost_commit")
def test_a_commit_that_was_not_answered_is_never_repeated_without_a_key() -> None:
    assert send({"note": "a"}).status_code == 503
    next_request()
    assert count() == 0


def test_a_command_to_the_outside_that_lost_its_connection_gives_its_key_back(
    monkeypatch: Any,
) -> None:
    lose_connection(monkeypatch, times=1)

    assert send({"note": "a"}, key="k", method="put").status_code == 503
    assert send({"note": "a"}, key="k", method="put").status_code == 201


def test_a_read_that_lost_its_connection_is_answered_over_another(monkeypatch: Any) -> None:
    read = doors.Parcels.get
    calls: list[str] = []

    def get_and_die(view: Any, request: Any) -> Any:
        calls.append("read")
        if len(calls) == 1:
            leave()
        return read(view, request)

    monkeypatch.setattr(doors.Parcels, "get", get_and_die)

    assert JsonClient().get("/api/v1/parcels").status_code == 200
    assert len(calls) == 2


def test_a_connection_that_was_closed_meanwhile_meets_no_request(monkeypatch: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (ours,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [ours])
    other.close()
    calls = lose_connection(monkeypatch, times=0)

    assert send({"note": "a"}, method="put").status_code == 201
    assert (len(calls), count()) == (1, 1)


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


EXHAUSTED = pytest.mark.parametrize("sqlstate", ["53000", "53100", "53200", "53300", "53400"])


@EXHAUSTED
def test_a_database_that_has_nothing_left_to_give_is_503(monkeypatch: Any, sqlstate: str) -> None:
    monkeypatch.setattr(doors, "record", lambda note: run_dry(sqlstate))

    refused = send({"note": "a"}, key="k")

    assert (refused.status_code, refused["Retry-After"]) == (503, "1")
    assert refused["Content-Type"] == "application/problem+json"


def run_dry(sqlstate: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{sqlstate}'; END $$")


@pytest.fixture
def no_room_for_answers(effects: None) -> Iterator[None]:
    """Answers cannot be written down: the disk has room for the effect, and for no more."""
    table = "http_idempotency_key"
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'disk_full'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER no_room BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION no_room()"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION IF EXISTS no_room CASCADE")


@pytest.mark.usefixtures("no_room_for_answers")
def test_an_answer_that_cannot_be_kept_gives_the_key_back() -> None:
    assert send({"note": "a"}, key="k", method="put").status_code == 503
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION no_room CASCADE")

    assert send({"note": "a"}, key="k", method="put").status_code == 201
