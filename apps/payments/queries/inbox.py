"""The inbox of webhooks: a row per event of a provider, however often it is sent."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

_KEEP = """
INSERT INTO payments_webhookevent (id, provider, provider_event_id, event_type, payload)
VALUES (%s, %s, %s, %s, %s::jsonb)
ON CONFLICT (provider, provider_event_id) DO NOTHING
RETURNING id
"""


def decoded(body: bytes) -> dict[str, Any] | None:
    """The JSON object in a body; None if it is not one, or holds what PostgreSQL cannot keep."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) and b"\\u0000" not in body else None


def keep(
    *, row_id: UUID, provider: str, event_id: str, kind: str, payload: Mapping[str, Any]
) -> UUID | None:
    """Keep an event; None if it is there already."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [row_id, provider, event_id, kind, json.dumps(payload)])
        row = cursor.fetchone()
    return row[0] if row else None
