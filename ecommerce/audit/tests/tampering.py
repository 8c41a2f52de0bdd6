"""Writing to the trail, and breaking it as one who rules the database could."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from ecommerce.audit import record
from ecommerce.audit.models import Entry
from ecommerce.audit.sealing import seal_entries
from ecommerce.audit.types import Head
from ecommerce.audit.verifying import verify
from ecommerce.clock import now


def write(*names: str) -> list[UUID]:
    for name in names:
        record(action="shop.thing.changed", entity_type="thing", entity_id=name, changes={"n": 1})
    return list(Entry.objects.order_by("id").values_list("id", flat=True))


def findings(*anchors: Head) -> list[str]:
    return [f"{finding.kind}: {finding.where}" for finding in verify(anchors=anchors)]


@contextmanager
def superuser() -> Iterator[Callable[..., None]]:
    """One who rules the database: no trigger stops them."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor.execute
        cursor.execute("SET session_replication_role = DEFAULT")


def three_seals() -> list[UUID]:
    for name in ("a", "b", "c"):
        entries = write(name)
        seal_entries(now=now())
    return entries
