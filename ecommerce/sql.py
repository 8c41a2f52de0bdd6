"""Statements that are written by hand."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection


def fetch_all(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """The rows that a statement returns; its parameters by name."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows by COPY; each is made while the server stores those before it.

    Values are taken as texts of PostgreSQL's (a ``str``), or made to ones by psycopg; None is NULL.
    """
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row(row)
