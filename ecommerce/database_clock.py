"""What time the database has: the clock that every process of the shop follows."""

from datetime import datetime

from django.db import DatabaseError, connection

from ecommerce import clock


def follow_database() -> None:
    """Called once by each process that serves the shop."""
    clock.follow(_read)


def _read() -> datetime | None:
    """None where it cannot be asked: it is away, or this thread's transaction has failed."""
    if connection.in_atomic_block and connection.needs_rollback:
        return None
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            moment: datetime = cursor.fetchone()[0]
            return moment
    except DatabaseError:
        return None
