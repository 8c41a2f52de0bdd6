"""Shadow tables: the same names, columns, constraints and indexes in a schema of their own.

With that schema first on the search path, a handler writes to the shadow without knowing it.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from ecommerce.events.errors import NotReplayable, StrayWrite

LIVE = "public"
_CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype = ANY(%s) ORDER BY contype DESC, conname
"""
_INDEXES = """
SELECT pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
_TRIGGERS = "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
_REFERRERS = """
SELECT conrelid::regclass::text FROM pg_constraint
WHERE contype = 'f' AND confrelid = ANY(%s::regclass[]) AND NOT conrelid = ANY(%s::regclass[])
"""
_WRITES = """
SELECT schemaname || '.' || relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
WHERE schemaname <> %s AND n_tup_ins + n_tup_upd + n_tup_del > 0
"""


def schema_for(consumer: str) -> str:
    """The schema of a consumer's shadow."""
    return "replay_" + re.sub(r"[^a-z0-9]+", "_", consumer.lower())[:50]


@transaction.atomic
def make_shadow(schema: str, tables: Sequence[str]) -> None:
    """Empty shadows of the tables, in place of whatever an earlier replay left there."""
    _refuse_referrers(tables)
    _execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
    _execute(f'CREATE SCHEMA "{schema}"')
    for table in tables:
        _execute(
            f'CREATE TABLE "{schema}"."{table}" (LIKE "{LIVE}"."{table}" INCLUDING ALL EXCLUDING INDEXES)'
        )
    for kinds in (["p", "u", "x"], ["f"]):
        for table in tables:
            _copy_constraints(schema, table, kinds)
    for table in tables:
        for (definition,) in [
            *_fetch(_INDEXES, [_live(table)]),
            *_fetch(_TRIGGERS, [_live(table)]),
        ]:
            _execute(_moved(definition, table, schema))


def drop_shadow(schema: str) -> None:
    """Remove the shadow and all in it."""
    _execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')


def swap(schema: str, tables: Sequence[str]) -> None:
    """Make the shadow's tables the live ones, within the caller's transaction."""
    _execute("SET CONSTRAINTS ALL IMMEDIATE")
    _execute("SET LOCAL lock_timeout = '5s'")
    _execute("DROP TABLE " + ", ".join(f'"{LIVE}"."{table}"' for table in tables))
    for table in tables:
        _execute(f'ALTER TABLE "{schema}"."{table}" SET SCHEMA "{LIVE}"')
    _execute(f'DROP SCHEMA "{schema}" CASCADE')
    _execute("SET LOCAL lock_timeout = DEFAULT")


@contextmanager
def in_shadow(schema: str) -> Iterator[None]:
    """Let unqualified names mean the shadow's; raise StrayWrite if anything else was written to."""
    before = _writes_outside(schema)
    _execute(f'SET LOCAL search_path TO "{schema}", "{LIVE}"')
    yield
    _execute("SET LOCAL search_path TO DEFAULT")
    after = _writes_outside(schema)
    stray = sorted(table for table, writes in after.items() if writes != before.get(table))
    if stray:
        raise StrayWrite(f"wrote to {', '.join(stray)}: name them in tables=, or do not replay it")


def _writes_outside(schema: str) -> dict[str, int]:
    """How many rows this transaction wrote to each table that is not the shadow's."""
    return {str(table): int(writes) for table, writes in _fetch(_WRITES, [schema])}


def _refuse_referrers(tables: Sequence[str]) -> None:
    names = [_live(table) for table in tables]
    referrers = sorted({name for (name,) in _fetch(_REFERRERS, [names, names])})
    if referrers:
        raise NotReplayable(
            f"{', '.join(referrers)} refers to the projection's tables by foreign key"
        )


def _copy_constraints(schema: str, table: str, kinds: list[str]) -> None:
    for name, definition in _fetch(_CONSTRAINTS, [_live(table), kinds]):
        _execute(f'SET LOCAL search_path TO "{schema}", "{LIVE}"')
        _execute(f'ALTER TABLE "{schema}"."{table}" ADD CONSTRAINT "{name}" {definition}')
        _execute("SET LOCAL search_path TO DEFAULT")


def _moved(definition: str, table: str, schema: str) -> str:
    """An index's or trigger's definition, on the shadow instead: names are free there, so they stay."""
    return re.sub(
        rf' ON "?{LIVE}"?\."?{re.escape(table)}"? ',
        f' ON "{schema}"."{table}" ',
        definition,
        count=1,
    )


def _live(table: str) -> str:
    return f'"{LIVE}"."{table}"'


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _fetch(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
