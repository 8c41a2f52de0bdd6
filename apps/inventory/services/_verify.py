"""Find tampering with the ledger: every movement and which units it moved held against
its seal, and the seals against each other."""

import hmac
from collections.abc import Iterable, Iterator

from apps.inventory.domain.sealing import movement_hash
from apps.inventory.models import MovementSeal
from apps.inventory.queries import sealing
from apps.inventory.services._seal import seal_keys
from ecommerce.audit.chain import GENESIS, MISSING, seal_digest
from ecommerce.audit.types import Finding, Head

SEALS_AT_ONCE = 10


def verify_ledger(*, anchors: Iterable[Head] = ()) -> Iterator[Finding]:
    """Everything that does not fit, in the order of the chain; nothing where all is well.

    What it promises is what verifying the audit trail does: whoever rules the database but lacks the
    key is found out, and ``anchors``, heads that were kept elsewhere, find a chain that was cut off.
    """
    yield from _chain()
    for movement_id in sealing.unsealed():
        yield Finding(
            kind="movement added",
            where=f"movement {movement_id}",
            why="no seal has it, and it does not wait for one",
        )
    for movement_id in sealing.strays():
        yield Finding(
            kind="units added",
            where=f"movement {movement_id}",
            why="it has lots or serial numbers, and is not in the ledger at their time",
        )
    for anchor in anchors:
        yield from _anchored(anchor)


def _chain() -> Iterator[Finding]:
    number, previous = 1, GENESIS
    keys = seal_keys()
    for seal in MovementSeal.objects.order_by("number").iterator(chunk_size=SEALS_AT_ONCE):
        if seal.number != number:
            why = f"the chain goes on with seal {seal.number}"
            yield Finding(kind="seal missing", where=f"seal {number}", why=why)
        elif bytes(seal.previous) != previous:
            yield _of_seal(seal, "it does not follow from the seal before it")
        yield from _seal(seal, keys)
        yield from _movements(seal)
        number, previous = seal.number + 1, bytes(seal.digest)


def _seal(seal: MovementSeal, keys: dict[str, bytes]) -> Iterator[Finding]:
    if len(seal.movement_ids) != len(seal.movement_hashes):
        yield _of_seal(seal, "it has not one hash for each movement")
        return
    digest = seal_digest(
        number=seal.number,
        sealed_at=seal.sealed_at,
        previous=bytes(seal.previous),
        entry_ids=seal.movement_ids,
        entry_hashes=[bytes(leaf) for leaf in seal.movement_hashes],
    )
    if digest != bytes(seal.digest):
        yield _of_seal(seal, "its contents do not give its digest")
    key = keys.get(seal.key_id)
    if key is None:
        yield _of_seal(seal, f"it is signed with the key {seal.key_id!r}, which AUDIT_KEYS lacks")
    elif not hmac.compare_digest(hmac.digest(key, digest, "sha256"), bytes(seal.signature)):
        yield _of_seal(seal, "its signature is not ours")


def _movements(seal: MovementSeal) -> Iterator[Finding]:
    rows = sealing.movements_of(seal.movement_ids, seal.since, seal.until)
    for movement_id, leaf in zip(seal.movement_ids, seal.movement_hashes, strict=False):
        row = rows.get(movement_id)
        where = f"movement {movement_id} (seal {seal.number})"
        if row is None:
            why = "it was sealed, and is gone or has another time"
            yield Finding(kind="movement missing", where=where, why=why)
        elif bytes(leaf) == MISSING:
            why = "it was not there when it was sealed"
            yield Finding(kind="movement added", where=where, why=why)
        elif movement_hash(row, seal.form) != bytes(leaf):
            which = "" if seal.form == 1 else ", or which lots and serial numbers it moved,"
            why = f"{row.kind} {row.delta:+d} of {row.sku_id}{which} is not as it was sealed"
            yield Finding(kind="movement changed", where=where, why=why)


def _anchored(anchor: Head) -> Iterator[Finding]:
    found = MovementSeal.objects.filter(number=anchor.number).values_list("digest", flat=True)
    digest = found.first()
    if digest is None or bytes(digest) != anchor.digest:
        yield Finding(
            kind="chain cut off" if digest is None else "chain rewritten",
            where=f"seal {anchor.number}",
            why="an anchor knows it otherwise than the database does",
        )


def _of_seal(seal: MovementSeal, why: str) -> Finding:
    return Finding(kind="seal changed", where=f"seal {seal.number}", why=why)
