"""Every way to tamper with the trail is found, and named."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import IntegrityError

from ecommerce.audit import record
from ecommerce.audit.models import Entry, Pending, Seal
from ecommerce.audit.sealing import head, seal_entries
from ecommerce.audit.types import Head
from ecommerce.audit.verifying import verify
from ecommerce.clock import now
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


def write(*names: str) -> list[UUID]:
    for name in names:
        record(action="shop.thing.changed", entity_type="thing", entity_id=name, changes={"n": 1})
    return list(Entry.objects.order_by("id").values_list("id", flat=True))


def findings(*anchors: Head) -> list[str]:
    return [f"{finding.kind}: {finding.where}" for finding in verify(anchors=anchors)]


@contextmanager
def superuser() -> Iterator[Callable[..., None]]:
    """One who rules the database: no trigger stops them."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor.execute
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_every_change(table: str, statement: str) -> None:
    write("a")
    seal_entries(now=now())
    column = "action" if table == "audit_entry" else "key_id"

    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_refuse_truncate")
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
        ("actor_id", f"'{new_id()}'"),
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


def three_seals() -> list[UUID]:
    for name in ("a", "b", "c"):
        entries = write(name)
        seal_entries(now=now())
    return entries


def test_a_deleted_seal_is_found() -> None:
    _, entry, _ = three_seals()

    with superuser() as execute:
        execute("DELETE FROM audit_seal WHERE number = 2")

    assert findings() == ["seal missing: seal 2", f"entry added: entry {entry}"]


def test_a_seal_that_another_key_signed_is_found() -> None:
    three_seals()

    with superuser() as execute:
        execute("UPDATE audit_seal SET signature = sha256('guess') WHERE number = 2")

    assert findings() == ["seal changed: seal 2"]


def test_a_deleted_seal_whose_numbers_were_closed_up_is_found() -> None:
    _, entry, _ = three_seals()

    with superuser() as execute:
        execute("DELETE FROM audit_entry WHERE id = %s", [entry])
        execute("DELETE FROM audit_seal WHERE number = 2")
        execute("UPDATE audit_seal SET number = 2 WHERE number = 3")

    assert set(findings()) == {"seal changed: seal 2"}


def test_only_an_anchor_finds_that_the_end_was_cut_off() -> None:
    *_, entry = three_seals()
    anchor = head()
    assert anchor is not None

    with superuser() as execute:
        execute("DELETE FROM audit_entry WHERE id = %s", [entry])
        execute("DELETE FROM audit_seal WHERE number = 3")

    assert findings() == []
    assert findings(anchor) == ["chain cut off: seal 3"]


def test_only_an_anchor_finds_a_chain_rewritten_with_our_own_key() -> None:
    three_seals()
    anchor = head()
    assert anchor is not None

    with superuser() as execute:
        execute("UPDATE audit_entry SET entity_id = 'x' WHERE entity_id = 'b'")
        execute("DELETE FROM audit_seal")
        execute("INSERT INTO audit_pending SELECT id FROM audit_entry")
    for _ in range(3):
        seal_entries(now=now(), batch=1)

    assert findings() == []
    assert findings(anchor) == ["chain rewritten: seal 3"]


def test_a_new_key_signs_and_the_old_one_still_verifies(settings: object) -> None:
    settings.AUDIT_KEYS = {"old": "x" * 40}  # type: ignore[attr-defined]
    write("a")
    seal_entries(now=now())
    settings.AUDIT_KEYS = {"new": "y" * 40, "old": "x" * 40}  # type: ignore[attr-defined]
    write("b")
    seal_entries(now=now())

    assert list(Seal.objects.order_by("number").values_list("key_id", flat=True)) == ["old", "new"]
    assert findings() == []

    settings.AUDIT_KEYS = {"new": "y" * 40}  # type: ignore[attr-defined]
    assert findings() == ["seal changed: seal 1"]


def test_the_command_fails_and_names_the_row(capsys: pytest.CaptureFixture[str]) -> None:
    (entry,) = write("a")
    call_command("seal_audit")
    call_command("verify_audit")
    assert "Nothing was tampered with" in capsys.readouterr().out

    with superuser() as execute:
        execute("UPDATE audit_entry SET action = 'x'")

    with pytest.raises(CommandError, match="1 findings"):
        call_command("verify_audit")
    assert str(entry) in capsys.readouterr().out


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
