"""Seals what was committed since the last seal. Runs after the fact, so writers never wait for it."""

import hmac
from datetime import datetime
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction

from ecommerce.audit.chain import GENESIS, MISSING, entry_hash, seal_digest
from ecommerce.audit.models import Seal
from ecommerce.audit.rows import rows_of
from ecommerce.audit.types import Head
from ecommerce.keys import signing_keys

log = structlog.get_logger(__name__)
BATCH = 1000
LOCK = 7_203_544_019_001
"""The advisory lock of the one sealer."""


def seal_entries(*, now: datetime, batch: int = BATCH) -> int:
    """Seal all that waits, in batches of one transaction each; how many entries that were.

    An entry waits in a queue that its own transaction filled, so one that commits late is not
    passed over: it goes into a later seal. A second sealer at the same time does nothing.
    """
    total = 0
    while True:
        sealed = _seal_batch(now, batch)
        total += sealed
        if sealed < batch:
            return total


def head() -> Head | None:
    """The newest seal. Kept outside of the database it proves that the end was not cut off."""
    newest = Seal.objects.order_by("-number").values_list("number", "digest").first()
    return Head(number=newest[0], digest=bytes(newest[1])) if newest else None


def seal_keys() -> dict[str, bytes]:
    """AUDIT_KEYS (the first signs), or keys derived from SECRET_KEY and its fallbacks."""
    return dict(signing_keys("audit", settings.AUDIT_KEYS))


@transaction.atomic
def _seal_batch(now: datetime, batch: int) -> int:
    entry_ids = _take(batch)
    if not entry_ids:
        return 0
    rows = rows_of(entry_ids)
    hashes = [entry_hash(rows[id_]) if id_ in rows else MISSING for id_ in entry_ids]
    last = head()
    number, previous = (last.number + 1, last.digest) if last else (1, GENESIS)
    digest = seal_digest(
        number=number,
        sealed_at=now,
        previous=previous,
        entry_ids=entry_ids,
        entry_hashes=hashes,
    )
    key_id, key = next(iter(seal_keys().items()))
    Seal.objects.create(
        number=number,
        sealed_at=now,
        entry_ids=entry_ids,
        entry_hashes=hashes,
        previous=previous,
        digest=digest,
        key_id=key_id,
        signature=hmac.digest(key, digest, "sha256"),
    )
    # The log is a copy of the chain's head out of reach of whoever has only the database.
    transaction.on_commit(
        lambda: log.info("audit.sealed", number=number, digest=digest.hex(), entries=len(hashes))
    )
    return len(entry_ids)


def _take(batch: int) -> list[UUID]:
    """Take entries out of the queue, oldest id first; none where another sealer is at work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return []
        cursor.execute(
            """
            DELETE FROM audit_pending WHERE entry_id IN
                (SELECT entry_id FROM audit_pending ORDER BY entry_id LIMIT %s)
            RETURNING entry_id
            """,
            [batch],
        )
        return sorted(row[0] for row in cursor.fetchall())
