"""What goes in and comes out of the audit trail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditEntry:
    """Who did what to which thing, when."""

    id: UUID
    occurred_at: datetime
    action: str
    entity_type: str
    entity_id: str
    actor_id: UUID | None
    actor_roles: tuple[str, ...]
    changes: dict[str, Any]
    correlation_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditQuery:
    """What is looked for; what is empty does not narrow the search."""

    entity_types: tuple[str, ...] = ()
    entity_ids: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    actor_ids: tuple[UUID, ...] = ()
    correlation_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The newest link of the chain: what an anchor outside of the database remembers."""

    number: int
    digest: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.digest.hex()}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was tampered with."""

    kind: str
    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}: {self.why}"
