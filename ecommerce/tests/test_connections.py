"""A connection that broke is told from a database that cannot be reached."""

import pytest
from django.db import NotSupportedError, OperationalError, connection

from ecommerce.connections import is_lost

pytestmark = pytest.mark.django_db(transaction=True)


def error_of(sql: str) -> OperationalError:
    with pytest.raises(OperationalError) as error, connection.cursor() as cursor:
        cursor.execute(sql)
    return error.value


def test_being_sent_away_is_a_lost_connection() -> None:
    error = error_of("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()

    assert is_lost(error)


def test_waiting_too_long_is_not() -> None:
    assert not is_lost(error_of("SET statement_timeout = 1; SELECT pg_sleep(1)"))
    connection.close()


def test_a_database_that_cannot_be_reached_is_not() -> None:
    other = connection.copy()
    other.settings_dict = {**other.settings_dict, "HOST": "127.0.0.1", "PORT": 1}

    with pytest.raises(OperationalError) as refused:
        other.ensure_connection()

    assert not is_lost(refused.value)


def test_a_plan_that_a_migration_overtook_is() -> None:
    read = "SELECT amount FROM moving WHERE amount > %s"
    migration = connection.copy()
    with connection.cursor() as cursor, migration.cursor() as elsewhere:
        elsewhere.execute("CREATE TABLE moving (amount int)")
        for _ in range(7):
            cursor.execute(read, [1])
        elsewhere.execute("ALTER TABLE moving ALTER amount TYPE bigint")
        with pytest.raises(NotSupportedError) as overtaken:
            cursor.execute(read, [1])
        elsewhere.execute("DROP TABLE moving")
    migration.close()

    assert is_lost(overtaken.value)
