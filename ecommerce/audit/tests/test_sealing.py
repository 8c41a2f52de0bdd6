"""Entries cannot be changed, are sealed once, and tampering with one is found and named."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from ecommerce.audit.models import Entry, Pending, Seal
from ecommerce.audit.sealing import head, seal_entries
from ecommerce.audit.tests.tampering import findings, superuser, write
from ecommerce.clock import now
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_every_change(table: str, statement: str) -> None:
    write("a")
    seal_entries(now=now())
    column = "action" if table == "audit_entry" else "key_id"

    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_truncate")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(statement.format(table, column, column))


def test_the_time_of_an_entry_is_the_databases() -> None:
    long_ago = now() - timedelta(days=900)
    Entry.objects.create(action="a", entity_type="t", entity_id="1", occurred_at=long_ago)

    assert now() - Entry.objects.get().occurred_at < timedelta(minutes=1)


def test_an_untouched_trail_has_no_findings() -> None:
    write("a", "b", "c")
    assert seal_entries(now=now(), batch=2) == 3
    write("d")

    assert findings() == []
    assert [len(seal.entry_ids) for seal in Seal.objects.order_by("number")] == [2, 1]
    assert Pending.objects.count() == 1


def test_sealing_twice_seals_once() -> None:
    write("a")
    assert seal_entries(now=now()) == 1
    first = head()

    assert seal_entries(now=now()) == 0
    assert head() == first


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "'other'"),
        ("entity_type", "'other'"),
        ("entity_id", "'other'"),
        ("actor_id", "'01a1fdec-5e4c-710a-b30d-453bc1394f3f'"),
        ("actor_roles", "'{admin}'"),
        ("changes", """'{"n": 1.0}'"""),
        ("correlation_id", "'other'"),
        ("occurred_at", "occurred_at + interval '1 microsecond'"),
    ],
)
def test_an_edited_column_is_found(column: str, value: str) -> None:
    _, entry, _ = write("a", "b", "c")
    seal_entries(now=now())

    with superuser() as execute:
        execute(f"UPDATE audit_entry SET {column} = {value} WHERE id = %s", [entry])

    assert findings() == [f"entry changed: entry {entry} (seal 1)"]


def test_a_deleted_entry_is_found() -> None:
    _, entry, _ = write("a", "b", "c")
    seal_entries(now=now())

    with superuser() as execute:
        execute("DELETE FROM audit_entry WHERE id = %s", [entry])

    assert findings() == [f"entry deleted: entry {entry} (seal 1)"]


def test_an_entry_deleted_before_its_seal_is_found() -> None:
    _, entry = write("a", "b")

    with superuser() as execute:
        execute("DELETE FROM audit_entry WHERE id = %s", [entry])
    seal_entries(now=now())

    assert findings() == [f"entry deleted: entry {entry} (seal 1)"]


def insert(execute: Callable[..., None], *, days_ago: int = 0) -> UUID:
    entry = new_id()
    execute(
        "INSERT INTO audit_entry (id, occurred_at, action, entity_type, entity_id, actor_roles,"
        " changes, correlation_id) VALUES (%s, now() - %s * interval '1 day', 'a', 't', '1', '{}',"
        " '{}', '')",
        [entry, days_ago],
    )
    return entry


def test_an_entry_slipped_in_behind_the_triggers_is_found() -> None:
    write("a", "b")
    seal_entries(now=now())

    with superuser() as execute:
        entry = insert(execute)

    assert findings() == [f"entry added: entry {entry}"]


def test_a_backdated_entry_is_found_though_it_was_sealed() -> None:
    write("a")
    seal_entries(now=now())
    with superuser() as execute:
        entry = insert(execute, days_ago=3)
        execute("INSERT INTO audit_pending VALUES (%s)", [entry])

    seal_entries(now=now())

    assert findings() == [f"entry backdated: entry {entry} (seal 2)"]


def test_two_entries_that_changed_places_are_found() -> None:
    first, second = write("a", "b")
    seal_entries(now=now())

    with superuser() as execute:
        execute("UPDATE audit_entry SET entity_id = 'b' WHERE id = %s", [first])
        execute("UPDATE audit_entry SET entity_id = 'a' WHERE id = %s", [second])

    assert findings() == [
        f"entry changed: entry {first} (seal 1)",
        f"entry changed: entry {second} (seal 1)",
    ]


def test_a_seal_whose_entries_were_reordered_is_found() -> None:
    first, second = write("a", "b")
    seal_entries(now=now())

    with superuser() as execute:
        execute(
            "UPDATE audit_seal SET entry_ids = ARRAY[%s, %s]::uuid[],"
            " entry_hashes = ARRAY[entry_hashes[2], entry_hashes[1]]",
            [second, first],
        )

    assert findings() == ["seal changed: seal 1", "seal changed: seal 1"]


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_commits_late_goes_into_a_later_seal() -> None:
    """Its id is older than those that the first seal took: an order by id would skip it."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(
                "INSERT INTO audit_entry (id, action, entity_type, entity_id, actor_roles, changes,"
                " correlation_id) VALUES (%s, 'late', 't', '1', '{}', '{}', '')",
                [new_id()],
            )
            write("early")
            assert seal_entries(now=now()) == 1
            cursor.execute("COMMIT")
    finally:
        other.close()

    assert seal_entries(now=now()) == 1
    actions = [
        Entry.objects.get(id=seal.entry_ids[0]).action for seal in Seal.objects.order_by("number")
    ]
    assert actions == ["shop.thing.changed", "late"]
    assert findings() == []
