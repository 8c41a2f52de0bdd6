"""The floor of a command that writes, taken from what one turn of it really read and wrote.

The server notes the statements of a turn and its transactions; PostgreSQL's own log tells which rows those
wrote. The script sends the same reads, then writes the same rows by the same commits: into tables like the
shop's own (columns, indexes, checks) in a schema apart, with other keys each time.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bench.generator import Generator

SCHEMA = "bench_floor"
POOL = 1_000
"""Rows of each table to be changed: so many are enough for clients not to wait for each other."""
_SLOT = "bench_floor"
_CHANGE = re.compile(r"table public\.(\w+): (INSERT|UPDATE): (?:.*? new-tuple: )?(.*)", re.DOTALL)
_VALUE = re.compile(r"""(\w+)"?\[((?:[^\[\]]|\[\])+)\]:(null|'(?:[^']|'')*'|[^\s']+)""")
_UNCHANGED = "unchanged-toast-datum"
_WRITES = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM|pg_advisory)")
_LOCKS = re.compile(
    r"\s+FOR (NO KEY )?(UPDATE|SHARE)( OF [\w\", ]+)?( SKIP LOCKED| NOWAIT)?(?=[;)]|$)"
)
_COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attidentity <> '',
        EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique
            AND a.attnum = ANY(i.indkey) AND (a.atttypid IN ('uuid'::regtype, 'bigint'::regtype)
                OR NOT EXISTS (SELECT FROM pg_attribute b WHERE b.attrelid = i.indrelid
                    AND b.attnum = ANY(i.indkey)
                    AND b.atttypid IN ('uuid'::regtype, 'bigint'::regtype)))),
        EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary
            AND a.attnum = i.indkey[0])
    FROM pg_attribute a
    WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    ORDER BY a.attnum
"""
_FRESH = {"uuid": "gen_random_uuid()", "bigint": "(random() * 9e15)::bigint"}
_KEYS = {
    "uuid": "('00000000-0000-4000-8000-' || lpad({n}::text, 12, '0'))::uuid",
    "bigint": "{n}::bigint",
}


Row = dict[str, str]
"""The literals of a row, by column."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row that was written."""

    table: str
    verb: str
    row: Row


@dataclass(frozen=True, slots=True)
class Column:
    """``unique``: what makes rows differ in a unique index (an id, where it has one). ``key``: the first of
    the primary key."""

    name: str
    type: str
    identity: bool
    unique: bool
    key: bool

    @property
    def fresh(self) -> str | None:
        """What is written in its place, where no two rows may have the same."""
        if not self.unique:
            return None
        text = self.type == "text" or self.type.startswith("character varying")
        return f"md5(random()::text)::{self.type}" if text else _FRESH.get(self.type)


def floor_of(name: str, generator: Generator) -> str:
    """The pgbench script that reads and writes what one turn of the scenario does."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        database.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        with _logged(database) as changes:
            recorded = recorded_turn(name, generator)
            wrote = changes()
        unlocked = [_LOCKS.sub("", one) for one in recorded["statements"]]
        reads = [one for one in unlocked if not _WRITES.search(one)]
        lines = [f"\\set pick_row random(1, {POOL})", *(f"{one};" for one in reads)]
        for xid in dict.fromkeys(recorded["transactions"]):
            lines += ["BEGIN;", *_writes(database, wrote.get(xid, [])), "COMMIT;"]
        return "\n".join(lines) + "\n"


def recorded_turn(name: str, generator: Generator) -> dict[str, Any]:
    """``statements`` as the server sent them, and the ``transactions`` among them that wrote."""
    folder = Path(os.environ["BENCH_FOLDER"])
    for old in folder.glob("recorded-*.json"):
        old.unlink()
    generator.statements(name, record=True)
    told = [json.loads(file.read_text()) for file in sorted(folder.glob("recorded-*.json"))]
    return {
        "statements": [one for request in told for one in request["statements"]],
        "transactions": [xid for request in told for xid in request["transactions"]],
    }


@contextmanager
def _logged(database: psycopg.Connection) -> Iterator[Any]:
    """What has been written meanwhile, by transaction, in order."""
    database.execute("SELECT pg_create_logical_replication_slot(%s, 'test_decoding')", [_SLOT])

    def changes() -> dict[int, list[Change]]:
        found: dict[int, list[Change]] = {}
        told = database.execute(
            "SELECT xid::text::bigint, data FROM pg_logical_slot_get_changes(%s, NULL, NULL)",
            [_SLOT],
        )
        for xid, line in told:
            if change := _CHANGE.match(line):
                row = {name: literal for name, _, literal in _VALUE.findall(change[3])}
                found.setdefault(xid, []).append(Change(change[1], change[2], row))
        return found

    try:
        yield changes
    finally:
        database.execute("SELECT pg_drop_replication_slot(%s)", [_SLOT])


def _writes(database: psycopg.Connection, changes: Iterable[Change]) -> Iterator[str]:
    """A statement for the rows that go into one table one after another, and for each that is changed."""
    for (table, verb), alike in groupby(changes, key=lambda change: (change.table, change.verb)):
        rows = [change.row for change in alike]
        columns = _like(database, table)
        if verb == "INSERT":
            yield _insert(table, columns, rows)
        else:
            _fill_pool(database, table, columns, rows[0])
            yield from (_update(table, columns, row) for row in rows)


def _like(database: psycopg.Connection, table: str) -> list[Column]:
    """The table of the same make in the schema apart; its columns."""
    database.execute(
        sql.SQL("CREATE TABLE IF NOT EXISTS {} (LIKE {} INCLUDING ALL)").format(
            sql.Identifier(SCHEMA, table), sql.Identifier("public", table)
        )
    )
    return _columns(database, f"{SCHEMA}.{table}")


def _columns(database: psycopg.Connection, table: str) -> list[Column]:
    return [Column(*row) for row in database.execute(_COLUMNS, [table])]


def _insert(table: str, columns: list[Column], rows: list[Row]) -> str:
    written = [column for column in columns if not column.identity]
    names = ", ".join(f'"{column.name}"' for column in written)
    values = ", ".join(
        f"({', '.join(_literal(column, row) for column in written)})" for row in rows
    )
    return f"INSERT INTO {SCHEMA}.{table} ({names}) VALUES {values};"


def _update(table: str, columns: list[Column], row: Row) -> str:
    """Of one of the pool's rows: as the shop's own, a few columns of it."""
    key = next(column for column in columns if column.key)
    changed = [
        column
        for column in columns
        if not column.unique and row.get(column.name) not in (None, _UNCHANGED)
    ][:3]
    values = ", ".join(f'"{column.name}" = {_literal(column, row)}' for column in changed)
    where = _KEYS[key.type].format(n=":pick_row")
    return f'UPDATE {SCHEMA}.{table} SET {values} WHERE "{key.name}" = {where};'


def _fill_pool(database: psycopg.Connection, table: str, columns: list[Column], row: Row) -> None:
    """Rows like this one, under keys that a number tells."""
    names = ", ".join(f'"{column.name}"' for column in columns)
    values = ", ".join(
        _KEYS[column.type].format(n="n") if column.key else _literal(column, row)
        for column in columns
    )
    database.execute(
        f"INSERT INTO {SCHEMA}.{table} ({names}) OVERRIDING SYSTEM VALUE"
        f" SELECT {values} FROM generate_series(1, {POOL}) n ON CONFLICT DO NOTHING".encode()
    )


def _literal(column: Column, row: Row) -> str:
    """The value as it was, or a new one where no two rows may have the same."""
    told = row.get(column.name, "null")
    if told in ("null", _UNCHANGED):
        return "NULL"
    return column.fresh or f"{told}::{column.type}"
