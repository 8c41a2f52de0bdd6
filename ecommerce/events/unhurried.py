"""Long work over big tables, which the statement timeout of requests must not cut short."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def unhurried() -> Iterator[None]:
    """No statement timeout and a minute's patience for locks, for as long as the block lasts."""
    _execute("SET statement_timeout = 0; SET lock_timeout = '60s'")
    try:
        yield
    finally:
        _execute("RESET statement_timeout; RESET lock_timeout")


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
