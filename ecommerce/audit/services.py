"""Writing the audit trail."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from ecommerce import context
from ecommerce.audit.models import Entry
from ecommerce.identity import Viewer


def record(
    *,
    action: str,
    entity_type: str,
    entity_id: UUID | str,
    actor: Viewer | None = None,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Write down, in the caller's transaction, who did what: one INSERT, no lock.

    ``action`` is ``<room>.<thing>.<verb in the past>``; ``changes`` is JSON of ids, codes, states and
    amounts. Personal data has no place here: the trail outlives a customer's wish to be forgotten.
    No actor means the shop itself.
    """
    Entry.objects.create(
        action=action,
        entity_type=entity_type,
        entity_id=str(entity_id),
        actor_id=actor.user_id if actor else None,
        actor_roles=sorted(actor.roles) if actor else [],
        changes=dict(changes or {}),
        correlation_id=context.current().correlation_id or "",
    )
