"""Whether the rebuilt tables say the same as the live ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from ecommerce.events.replaying._shadow import LIVE

_SHOWN = 10
_IDENTITIES = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attidentity <> ''"
_DIGEST = """
SELECT count(*), coalesce(sum(hashtextextended((to_jsonb(t) - %s::text[])::text, 0)::numeric), 0) FROM {table} t
"""
_DIFFERENCE = """
SELECT to_jsonb(t) - %s::text[] FROM {left} t EXCEPT ALL SELECT to_jsonb(t) - %s::text[] FROM {right} t
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class TableParity:
    """A live table against its rebuilt shadow, volatile columns left out."""

    table: str
    live_rows: int
    rebuilt_rows: int
    only_live: int
    only_rebuilt: int
    examples: tuple[str, ...]
    """Rows of either side that the other has not, the first few."""

    @property
    def same(self) -> bool:
        return not self.only_live and not self.only_rebuilt


def compare(schema: str, tables: Sequence[str], volatile: Sequence[str]) -> tuple[TableParity, ...]:
    """Compare by row count and content hash; look for the rows only where those differ.

    Identity columns are left out too: they tell the order of work across keys, which is free.
    """
    return tuple(_compare(schema, table, [*volatile, *_identities(table)]) for table in tables)


def _identities(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_IDENTITIES, [f'"{LIVE}"."{table}"'])
        return [name for (name,) in cursor.fetchall()]


def _compare(schema: str, table: str, volatile: list[str]) -> TableParity:
    live, rebuilt = f'"{LIVE}"."{table}"', f'"{schema}"."{table}"'
    (live_rows, live_hash), (rebuilt_rows, rebuilt_hash) = (
        _digest(live, volatile),
        _digest(rebuilt, volatile),
    )
    same = (live_rows, live_hash) == (rebuilt_rows, rebuilt_hash)
    only_live, live_examples = (0, []) if same else _difference(live, rebuilt, volatile)
    only_rebuilt, rebuilt_examples = (0, []) if same else _difference(rebuilt, live, volatile)
    return TableParity(
        table=table,
        live_rows=live_rows,
        rebuilt_rows=rebuilt_rows,
        only_live=only_live,
        only_rebuilt=only_rebuilt,
        examples=(
            *(f"live    {row}" for row in live_examples),
            *(f"rebuilt {row}" for row in rebuilt_examples),
        ),
    )


def _digest(table: str, volatile: list[str]) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST.format(table=table), [volatile])
        rows, digest = cursor.fetchone()
    return rows, digest


def _difference(left: str, right: str, volatile: list[str]) -> tuple[int, list[str]]:
    """How many rows only the left has, and the first few."""
    difference = _DIFFERENCE.format(left=left, right=right)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT d.row::text, count(*) OVER () FROM ({difference}) AS d(row) LIMIT {_SHOWN}",  # noqa: S608  # ours
            [volatile, volatile],
        )
        found = cursor.fetchall()
    return (found[0][1], [row for row, _ in found]) if found else (0, [])
