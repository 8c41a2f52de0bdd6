"""What tests that commit need of their database: tables that may be emptied, and migrated rows back."""

import time
from typing import Any

from django.db import connection
from django.test import TransactionTestCase

_TRUNCATE = 32
"""The bit of pg_trigger.tgtype for triggers on TRUNCATE."""
_OWN = "'django_migrations', 'django_content_type', 'auth_permission'"

_PATIENCE_SECONDS = 5.0


def keep_first_rows() -> None:
    """Have tables emptied after a test that commits, append-only ones too, and first rows put back.

    Triggers that refuse TRUNCATE are disabled; a test that proves one enables it for itself. A test whose
    threads leave connections open fails: a database in use can be neither copied nor dropped.
    """
    _allow_emptying()
    _copy_rows()
    _restore_after_each_emptying()


def _allow_emptying() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
            " WHERE tgtype & %s <> 0 AND NOT tgisinternal",
            [_TRUNCATE],
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{trigger}"')


def _copy_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS migrated CASCADE; CREATE SCHEMA migrated")
        for table in _tables("public"):
            cursor.execute(f'SELECT EXISTS (TABLE public."{table}")')
            if cursor.fetchone()[0]:
                cursor.execute(f'CREATE TABLE migrated."{table}" AS TABLE public."{table}"')


def _restore_after_each_emptying() -> None:
    empty = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # untyped upstream

    def empty_and_restore(self: Any) -> None:
        empty(self)
        _put_back()
        _await_that_all_left()

    TransactionTestCase._fixture_teardown = empty_and_restore  # type: ignore[attr-defined]


def _put_back() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in _tables("migrated"):
            cursor.execute(
                f'INSERT INTO public."{table}" OVERRIDING SYSTEM VALUE'
                f' TABLE migrated."{table}" ON CONFLICT DO NOTHING'
            )
        cursor.execute("SET session_replication_role = DEFAULT")


def _await_that_all_left() -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while left := _others():
        if time.monotonic() > deadline:
            raise AssertionError(
                f"Close the connections of your threads. {left} are open: at_once does"
            )
        time.sleep(0.02)


def _others() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def _tables(schema: str) -> list[str]:
    """Ordinary tables and whole partitioned ones; not single partitions, nor Django's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
            WHERE nspname = %s AND relkind IN ('r', 'p') AND NOT relispartition
              AND relname NOT IN ({_OWN})
            ORDER BY relname
            """,  # noqa: S608  # our own names
            [schema],
        )
        return [row[0] for row in cursor.fetchall()]
