"""Idempotency records in SQL: two statements a command, whatever happens beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from ecommerce.ids import new_id


class KeyTaken(Exception):  # not a refusal: a race that is run again
    """Another transaction recorded the key between our look and our insert."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """A request with a key: ``id`` is the digest of its scope and key."""

    id: bytes
    caller: str
    operation: str
    key: str
    fingerprints: tuple[bytes, ...]
    """By the present key, then by earlier ones."""
    expires_at: datetime

    @property
    def fingerprint(self) -> bytes:
        return self.fingerprints[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """The first answer, its body sealed."""

    fingerprint: bytes
    status: int
    headers: Mapping[str, str]
    body: bytes


# The lock says whether the first request is still running. A snapshot can be older than the lock, so a
# row that was committed in between is not seen here: the insert in _KEEP meets it and undoes everything.
_CLAIM = """
WITH lock AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(%s) AS free)
SELECT lock.free, k.fingerprint, k.status, k.headers, k.body
FROM lock LEFT JOIN http_idempotency_key k ON k.id = %s AND k.expires_at > now()
"""

_KEEP = """
INSERT INTO http_idempotency_key AS k
    (id, caller, operation, key, fingerprint, status, headers, body, created_at, expires_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, now(), %s)
ON CONFLICT (id) DO UPDATE SET
    fingerprint = excluded.fingerprint, status = excluded.status, headers = excluded.headers,
    body = excluded.body, created_at = excluded.created_at, expires_at = excluded.expires_at,
    owner = NULL, lease_until = NULL
WHERE k.expires_at <= now()
RETURNING 1
"""

_LEASE = """
WITH lease AS (
    INSERT INTO http_idempotency_key AS k
        (id, caller, operation, key, fingerprint, headers, body, created_at, expires_at, owner, lease_until)
    VALUES (%s, %s, %s, %s, %s, '{}', '', now(), %s, %s, now() + make_interval(secs => %s))
    ON CONFLICT (id) DO UPDATE SET
        fingerprint = excluded.fingerprint, status = NULL, headers = '{}', body = '',
        created_at = excluded.created_at, expires_at = excluded.expires_at,
        owner = excluded.owner, lease_until = excluded.lease_until
    WHERE k.expires_at <= now()
       OR (k.status IS NULL AND k.lease_until <= now() AND k.fingerprint = excluded.fingerprint)
    RETURNING 1
)
SELECT EXISTS (SELECT 1 FROM lease), k.fingerprint, k.status, k.headers, k.body
FROM (SELECT 1) one LEFT JOIN http_idempotency_key k ON k.id = %s
"""

_KEEP_LEASED = """
UPDATE http_idempotency_key
SET status = %s, headers = %s, body = %s, owner = NULL, lease_until = NULL
WHERE id = %s AND owner = %s
"""

_GIVE_BACK = "DELETE FROM http_idempotency_key WHERE id = %s AND owner = %s"

_SWEEP = """
DELETE FROM http_idempotency_key WHERE id IN (
    SELECT id FROM http_idempotency_key WHERE expires_at <= %s
    ORDER BY expires_at LIMIT %s FOR UPDATE SKIP LOCKED
)
"""


def claim(command: Command) -> tuple[bool, Stored | None]:
    """Inside a transaction: is the key free for us, and what was answered before?"""
    lock = int.from_bytes(command.id[:8], "big", signed=True)
    free, *row = _one(_CLAIM, [lock, command.id])
    return free, _answer(row)


def keep(command: Command, answer: Stored) -> None:
    """Record the answer beside its effect. Raises KeyTaken where another was quicker."""
    values: list[Any] = [
        command.id, command.caller, command.operation, command.key, command.fingerprint,
        answer.status, orjson.dumps(dict(answer.headers)).decode(), answer.body, command.expires_at,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
        if cursor.fetchone() is None:
            raise KeyTaken


def take_lease(command: Command, *, seconds: int) -> tuple[UUID | None, Stored | None]:
    """Without a transaction: the lease where it is ours now, else the answer, else neither."""
    owner = new_id()
    values = [
        command.id, command.caller, command.operation, command.key, command.fingerprint,
        command.expires_at, owner, seconds, command.id,
    ]  # fmt: skip
    granted, *row = _one(_LEASE, values)
    if granted:
        return owner, None
    if row[0] is not None and row[1] is None and bytes(row[0]) != command.fingerprint:
        return None, Stored(fingerprint=bytes(row[0]), status=0, headers={}, body=b"")
    return None, _answer(row)


def keep_leased(command: Command, owner: UUID, answer: Stored) -> None:
    """Record the answer, unless the lease ran out and is another's now."""
    headers = orjson.dumps(dict(answer.headers)).decode()
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_LEASED, [answer.status, headers, answer.body, command.id, owner])


def give_back(command: Command, owner: UUID) -> None:
    """Forget the key: what it asked for was refused, and may be asked again."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [command.id, owner])


def sweep_expired(*, now: datetime, limit: int = 10_000) -> int:
    """Delete what need not be kept any longer; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_SWEEP, [now, limit])
        return int(cursor.rowcount)


def _one(sql: str, values: list[Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def _answer(row: list[Any]) -> Stored | None:
    fingerprint, status, headers, body = row
    if status is None:
        return None
    read = orjson.loads(headers) if isinstance(headers, str | bytes) else headers
    return Stored(fingerprint=bytes(fingerprint), status=status, headers=read, body=bytes(body))
