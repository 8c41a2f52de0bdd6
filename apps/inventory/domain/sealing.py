"""How a movement becomes a hash: one that any change of it, or of its lots and serial numbers, would change."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

FORM = 2
"""How movements are hashed now. The first form, of seals from before, had no lots and serial numbers in it."""


@dataclass(frozen=True, slots=True)
class SealedUnits:
    """Which units a movement moved: of a lot, or one by its number. Every column, and what the unit is called."""

    what: Literal["lot", "serial"]
    id: UUID
    name: str
    location_id: UUID | None
    delta: int | None
    kind: str
    reference: str
    moved_at: datetime


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
    units: tuple[SealedUnits, ...] = ()


def movement_hash(row: SealedMovement, form: int = FORM) -> bytes:
    """SHA-256 over every column, each one told apart from the next, in the form that its seal was made in.

    Forms begin with different bytes, so no hash of one passes for another's.
    """
    if form == 1:
        return _hash(b"\x02", _columns(row))
    units = sorted(row.units, key=lambda one: (one.what, one.id))
    return _hash(b"\x03", [_columns(row), [_units(one) for one in units]])


def _hash(prefix: bytes, values: object) -> bytes:
    return hashlib.sha256(prefix + json.dumps(values, ensure_ascii=False).encode()).digest()


def _units(one: SealedUnits) -> tuple[object, ...]:
    return (
        one.what,
        str(one.id),
        one.name,
        str(one.location_id),
        one.delta,
        one.kind,
        one.reference,
        _time(one.moved_at),
    )


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _columns(row: SealedMovement) -> tuple[object, ...]:
    return (
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
        _time(row.created_at),
    )
