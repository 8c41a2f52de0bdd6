"""Valkey for what is asked beside every command: a connection of the thread's own, and one round trip.

redis-py's pool, retries and callbacks take longer than the answer does.
"""

import os
import threading
from typing import Any

from redis import Redis
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import ResponseError

TIMEOUT_SECONDS = 0.2
_thread = threading.local()


def ask(url: str, *command: Any) -> Any:
    """Send one command and read its answer, as the protocol has it. Raises RedisError.

    A connection that the server has closed meanwhile is opened again, once.
    """
    connection, fresh = _connection(url)
    try:
        return _answer(connection, command)
    except Disconnected:
        if fresh:
            raise
    return _answer(connection, command)


def _answer(connection: Any, command: tuple[Any, ...]) -> Any:
    try:
        connection.send_packed_command(connection.pack_command(*command), check_health=False)
        return connection.read_response()
    except ResponseError:
        raise
    except BaseException:
        connection.disconnect()  # its answer may still come, and would be taken for the next one's
        raise


def _connection(url: str) -> tuple[Any, bool]:
    """This thread's connection, and whether it is a new one. A child process never uses its parent's."""
    owner = (url, os.getpid())
    kept = getattr(_thread, "kept", None)
    if kept is not None and kept[0] == owner:
        return kept[1], False
    client = Redis.from_url(
        url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
    )
    connection: Any = client.connection_pool.make_connection()
    _thread.kept = (owner, connection)
    return connection, True
