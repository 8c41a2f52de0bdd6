"""Statements that are written by hand."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection

_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_LINES_AT_ONCE = 100


def fetch_all(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """The rows that a statement returns; its parameters by name."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows by COPY; each is made while the server stores those before it.

    A ``str`` is taken as PostgreSQL writes the value (``{"a","b"}``), all else as psycopg does; None is NULL.
    """
    with _copying(table, columns) as copy:
        for row in rows:
            copy.write_row(row)


def copy_lines(table: str, columns: Sequence[str], lines: Iterable[bytes]) -> None:
    """Likewise, from lines in COPY's text format: half the time where rows are many and alike."""
    waiting = iter(lines)
    with _copying(table, columns) as copy:
        while some := b"".join(islice(waiting, _LINES_AT_ONCE)):
            copy.write(some)


def copied(text: str) -> str:
    """A text as it stands in such a line."""
    return text.translate(_ESCAPES) if _SPECIAL.search(text) else text


def text_array(texts: Collection[str]) -> str:
    """An array of texts as PostgreSQL writes it."""
    if not texts:
        return "{}"
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"


@contextmanager
def _copying(table: str, columns: Sequence[str]) -> Iterator[Any]:
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    errors, open_cursor = connection.wrap_database_errors, connection.cursor()
    with errors, open_cursor as cursor, cursor.copy(statement) as copy:
        yield copy
