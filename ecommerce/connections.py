"""Connections that the database closed: noticed before they are used, and told from other errors."""

import select

import psycopg
from django.core.signals import request_started
from django.db import InterfaceError, OperationalError, connection, connections

_GOODBYES = frozenset({"57P01", "57P02"})
"""What a server says to whom it sends away: it is shut down, or it crashed."""


def is_lost(error: BaseException) -> bool:
    """Is a connection that had been open of no more use? One that could not be opened is another matter.

    It broke, or it holds a plan that a migration of this moment overtook.
    """
    cause = error.__cause__
    if isinstance(error, InterfaceError) or _is_overtaken(cause):
        return True
    if not isinstance(error, OperationalError) or not isinstance(cause, psycopg.OperationalError):
        return False
    opening = cause.pgconn is not None or isinstance(cause, psycopg.errors.ConnectionTimeout)
    return not opening and (cause.sqlstate is None or cause.sqlstate in _GOODBYES)


def _is_overtaken(cause: BaseException | None) -> bool:
    return isinstance(cause, psycopg.errors.FeatureNotSupported) and "cached plan" in str(cause)


def renew() -> None:
    """Have the next statement open a connection of its own. Not within a transaction."""
    if not connection.in_atomic_block:
        connection.close()


def drop_hung_up(**_: object) -> None:
    """Close what the server closed while nobody used it, so that no request meets it.

    Nothing is sent: an idle connection has something to read only if the server said goodbye.
    """
    for each in connections.all(initialized_only=True):
        if each.connection is not None and not each.in_atomic_block and _speaks(each.connection):
            each.close()


def _speaks(open_connection: psycopg.Connection[object]) -> bool:
    if open_connection.closed:
        return True
    poll = select.poll()
    poll.register(open_connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def connect() -> None:
    """Look at each thread's connection when it takes up a request."""
    request_started.connect(drop_hung_up, dispatch_uid="drop_hung_up")
