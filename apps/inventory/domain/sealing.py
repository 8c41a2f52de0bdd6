"""How a movement becomes a hash: one that any change of any of its columns would change."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SealedMovement:
    """An entry of the ledger as it stands in the table, every column of it."""

    id: UUID
    sku_id: UUID
    location_id: UUID
    kind: str
    delta: int
    on_hand_after: int
    damaged_delta: int
    damaged_after: int
    version: int
    reason: str
    reference: str
    actor: str
    causation_id: str
    created_at: datetime


def movement_hash(row: SealedMovement) -> bytes:
    """SHA-256 over every column, each one told apart from the next."""
    columns = (
        str(row.id),
        str(row.sku_id),
        str(row.location_id),
        row.kind,
        row.delta,
        row.on_hand_after,
        row.damaged_delta,
        row.damaged_after,
        row.version,
        row.reason,
        row.reference,
        row.actor,
        row.causation_id,
        row.created_at.astimezone(UTC).isoformat(timespec="microseconds"),
    )
    return hashlib.sha256(b"\x02" + json.dumps(columns, ensure_ascii=False).encode()).digest()
