"""Writing and reading the audit trail."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from ecommerce import context
from ecommerce.audit.models import Entry
from ecommerce.audit.types import AuditEntry, AuditQuery
from ecommerce.errors import Forbidden
from ecommerce.events.privacy import refuse_personal_data
from ecommerce.http.pagination import Page, slice_of
from ecommerce.identity import Viewer

ENTRY_ORDER = ("-occurred_at", "-id")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


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
    amounts. Personal data has no place here: the trail outlives a customer's wish to be forgotten,
    so names that would hold some are refused (EventError). No actor means the shop itself.
    """
    refuse_personal_data(action, _names(changes or {}))
    Entry.objects.create(
        action=action,
        entity_type=entity_type,
        entity_id=str(entity_id),
        actor_id=actor.user_id if actor else None,
        actor_roles=sorted(actor.roles) if actor else [],
        changes=dict(changes or {}),
        correlation_id=context.current().correlation_id or "",
    )


def find_entries(
    query: AuditQuery, *, viewer: Viewer, page: Page
) -> tuple[tuple[AuditEntry, ...], bool]:
    """Entries newest first, and whether there are more. For operators and admins: else Forbidden."""
    if not viewer.is_staff:
        raise Forbidden
    rows, more = slice_of(_matching(query), order=ENTRY_ORDER, page=page)
    return tuple(_view(entry) for entry in rows), more


def _matching(query: AuditQuery) -> "QuerySet[Entry]":
    narrowed = {
        "entity_type__in": query.entity_types,
        "entity_id__in": query.entity_ids,
        "action__in": query.actions,
        "actor_id__in": query.actor_ids,
        "correlation_id": query.correlation_id,
        "occurred_at__gte": query.since,
        "occurred_at__lt": query.until,
    }
    return Entry.objects.filter(**{name: value for name, value in narrowed.items() if value})


def _view(entry: Entry) -> AuditEntry:
    return AuditEntry(
        id=entry.id,
        occurred_at=entry.occurred_at,
        action=entry.action,
        entity_type=entry.entity_type,
        entity_id=entry.entity_id,
        actor_id=entry.actor_id,
        actor_roles=tuple(entry.actor_roles),
        changes=entry.changes,
        correlation_id=entry.correlation_id,
    )


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield _HUMP.sub("_", str(name)).lower()
            yield from _names(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _names(inner)
