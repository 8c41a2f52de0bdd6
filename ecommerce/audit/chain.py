"""The arithmetic of the chain: how entries and seals become hashes. Plain Python."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

GENESIS = bytes(32)
MISSING = bytes(32)
"""Stands for the hash of an entry that was gone before it was sealed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """An entry as it stands in the table; ``changes`` is the database's own text of the JSON."""

    id: UUID
    occurred_at: datetime
    action: str
    entity_type: str
    entity_id: str
    actor_id: UUID | None
    actor_roles: Sequence[str]
    changes: str
    correlation_id: str


def entry_hash(row: Row) -> bytes:
    """SHA-256 over every column, each one told apart from the next."""
    columns = (
        str(row.id),
        _moment(row.occurred_at),
        row.action,
        row.entity_type,
        row.entity_id,
        str(row.actor_id) if row.actor_id else None,
        list(row.actor_roles),
        row.changes,
        row.correlation_id,
    )
    return hashlib.sha256(b"\x00" + json.dumps(columns, ensure_ascii=False).encode()).digest()


def seal_digest(
    *,
    number: int,
    sealed_at: datetime,
    previous: bytes,
    entry_ids: Sequence[UUID],
    entry_hashes: Sequence[bytes],
) -> bytes:
    """SHA-256 over a seal: its place in the chain, its time, and its entries in order."""
    digest = hashlib.sha256(b"\x01" + f"{number}|{_moment(sealed_at)}|{len(entry_ids)}|".encode())
    digest.update(previous)
    for entry_id, leaf in zip(entry_ids, entry_hashes, strict=True):
        digest.update(entry_id.bytes + leaf)
    return digest.digest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
