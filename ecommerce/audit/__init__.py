"""The audit trail: append-only, sealed by a hash chain, verifiable."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from ecommerce.identity import Viewer

__all__ = ["record"]


def record(
    *,
    action: str,
    entity_type: str,
    entity_id: UUID | str,
    actor: Viewer | None = None,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Write down who did what, in the caller's transaction. See ``ecommerce.audit.services.record``."""
    from ecommerce.audit import services

    services.record(
        action=action,
        entity_type=entity_type,
        entity_id=entity_id,
        actor=actor,
        changes=changes,
    )
