"""Statements that are written by hand."""

from typing import Any

from django.db import connection


def fetch_all(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """The rows that a statement returns; its parameters by name."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
