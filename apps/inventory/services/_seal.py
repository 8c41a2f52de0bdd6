"""Seal the ledger after the commit, as the audit trail is: so writers never wait for it."""

import hmac
from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction

from apps.inventory.domain.sealing import FORM, movement_hash
from apps.inventory.models import MovementSeal
from apps.inventory.queries import sealing
from ecommerce.audit.chain import GENESIS, MISSING, seal_digest
from ecommerce.audit.types import Head
from ecommerce.keys import signing_keys

log = structlog.get_logger(__name__)
BATCH = 2_000


def seal_ledger(*, now: datetime, batch: int = BATCH) -> int:
    """Seal every movement that waits, in batches of one transaction each; says how many.

    A movement waits from its own transaction on, so one that commits late goes into a later seal.
    A second sealer at the same time does nothing.
    """
    total = 0
    while True:
        sealed = _seal_batch(now, batch)
        total += sealed
        if sealed < batch:
            return total


def ledger_head() -> Head | None:
    """The newest seal. Kept outside of the database it proves that the end was not cut off."""
    newest = MovementSeal.objects.order_by("-number").values_list("number", "digest").first()
    return Head(number=newest[0], digest=bytes(newest[1])) if newest else None


def seal_keys() -> dict[str, bytes]:
    """Keys of this ledger's own, made of those of the audit trail: no seal of one passes for the other's."""
    keys = signing_keys("audit", settings.AUDIT_KEYS)
    return {name: hmac.digest(key, b"stock-ledger", "sha256") for name, key in keys.items()}


@transaction.atomic
def _seal_batch(now: datetime, batch: int) -> int:
    waiting = sealing.take_pending(batch)
    if not waiting:
        return 0
    ids = [movement_id for movement_id, _ in waiting]
    since, until = min(at for _, at in waiting), max(at for _, at in waiting)
    rows = sealing.movements_of(ids, since, until)
    hashes = [movement_hash(rows[id_]) if id_ in rows else MISSING for id_ in ids]
    last = ledger_head()
    number, previous = (last.number + 1, last.digest) if last else (1, GENESIS)
    digest = seal_digest(
        number=number, sealed_at=now, previous=previous, entry_ids=ids, entry_hashes=hashes
    )
    key_id, key = next(iter(seal_keys().items()))
    MovementSeal.objects.create(
        number=number,
        form=FORM,
        sealed_at=now,
        since=since,
        until=until,
        movement_ids=ids,
        movement_hashes=hashes,
        previous=previous,
        digest=digest,
        key_id=key_id,
        signature=hmac.digest(key, digest, "sha256"),
    )
    # The log is a copy of the chain's head out of reach of whoever has only the database.
    transaction.on_commit(
        lambda: log.info("stock.sealed", number=number, digest=digest.hex(), movements=len(ids))
    )
    return len(ids)
