"""Reads entries for hashing, as the database holds them."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from ecommerce.audit.chain import Row

# The JSON is taken as the text that PostgreSQL prints: parsing it could make different values alike.
_SELECT = """
SELECT id, occurred_at, action, entity_type, entity_id, actor_id, actor_roles, changes::text,
       correlation_id
FROM audit_entry WHERE id = ANY(%s)
"""


def rows_of(entry_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """The entries that are there, by id, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, [list(entry_ids)])
        return {
            values[0]: Row(
                id=values[0],
                occurred_at=values[1],
                action=values[2],
                entity_type=values[3],
                entity_id=values[4],
                actor_id=values[5],
                actor_roles=values[6],
                changes=values[7],
                correlation_id=values[8],
            )
            for values in cursor.fetchall()
        }
