"""Finds tampering: reads the whole chain and holds every entry against its hash."""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db import connection

from ecommerce.audit.chain import GENESIS, MISSING, Row, entry_hash, seal_digest
from ecommerce.audit.models import Seal
from ecommerce.audit.rows import rows_of
from ecommerce.audit.sealing import seal_keys
from ecommerce.audit.types import Finding, Head

TOLERANCE = timedelta(hours=1)
"""How long before an earlier seal an entry may have happened: longer than any transaction of ours."""


def verify(*, anchors: Iterable[Head] = ()) -> Iterator[Finding]:
    """Everything that does not fit, in the order of the chain; nothing where all is well.

    Whoever rules the database but lacks the signing key can only destroy, and is found out, except
    that the end of the chain could be cut off: ``anchors``, heads that were kept elsewhere, find that.
    """
    yield from _chain()
    yield from _unsealed()
    for anchor in anchors:
        yield from _anchored(anchor)


def _chain() -> Iterator[Finding]:
    number, previous = 1, GENESIS
    earlier: datetime | None = None
    run: datetime | None = None
    for seal in Seal.objects.order_by("number").iterator(chunk_size=20):
        if run is not None and seal.sealed_at != run:
            earlier = run
        run = seal.sealed_at
        if seal.number != number:
            yield Finding(
                kind="seal missing",
                where=f"seal {number}",
                why=f"the chain goes on with seal {seal.number}",
            )
        elif bytes(seal.previous) != previous:
            yield _of_seal(seal, "it does not follow from the seal before it")
        yield from _seal(seal)
        yield from _entries(seal, earlier)
        number, previous = seal.number + 1, bytes(seal.digest)


def _seal(seal: Seal) -> Iterator[Finding]:
    if len(seal.entry_ids) != len(seal.entry_hashes):
        yield _of_seal(seal, "it has not one hash for each entry")
        return
    digest = seal_digest(
        number=seal.number,
        sealed_at=seal.sealed_at,
        previous=bytes(seal.previous),
        entry_ids=seal.entry_ids,
        entry_hashes=[bytes(leaf) for leaf in seal.entry_hashes],
    )
    if digest != bytes(seal.digest):
        yield _of_seal(seal, "its contents do not give its digest")
    key = seal_keys().get(seal.key_id)
    if key is None:
        yield _of_seal(seal, f"it is signed with the key {seal.key_id!r}, which AUDIT_KEYS lacks")
    elif not hmac.compare_digest(hmac.digest(key, digest, "sha256"), bytes(seal.signature)):
        yield _of_seal(seal, "its signature is not ours")


def _entries(seal: Seal, earlier: datetime | None) -> Iterator[Finding]:
    rows = rows_of(seal.entry_ids)
    for entry_id, leaf in zip(seal.entry_ids, seal.entry_hashes, strict=False):
        row = rows.get(entry_id)
        where = f"entry {entry_id} (seal {seal.number})"
        if row is None:
            yield Finding(kind="entry deleted", where=where, why="it was sealed and is gone")
        elif bytes(leaf) == MISSING:
            yield Finding(
                kind="entry added", where=where, why="it was not there when it was sealed"
            )
        elif entry_hash(row) != bytes(leaf):
            yield Finding(
                kind="entry changed", where=where, why=f"{row.action} is not as it was sealed"
            )
        elif _backdated(row, earlier):
            yield Finding(
                kind="entry backdated",
                where=where,
                why=f"it says {row.occurred_at:%Y-%m-%d %H:%M}, long before an earlier seal",
            )


def _backdated(row: Row, earlier: datetime | None) -> bool:
    return earlier is not None and row.occurred_at < earlier - TOLERANCE


def _unsealed() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT entry.id FROM audit_entry entry
            LEFT JOIN (SELECT unnest(entry_ids) AS id FROM audit_seal) sealed USING (id)
            LEFT JOIN audit_pending pending ON pending.entry_id = entry.id
            WHERE sealed.id IS NULL AND pending.entry_id IS NULL
            ORDER BY entry.id
            """
        )
        for (entry_id,) in cursor.fetchall():
            yield Finding(
                kind="entry added",
                where=f"entry {entry_id}",
                why="no seal has it, and it does not wait for one",
            )


def _anchored(anchor: Head) -> Iterator[Finding]:
    found = Seal.objects.filter(number=anchor.number).values_list("digest", flat=True).first()
    if found is None:
        yield Finding(
            kind="chain cut off",
            where=f"seal {anchor.number}",
            why="an anchor knows it, the database does not",
        )
    elif bytes(found) != anchor.digest:
        yield Finding(
            kind="chain rewritten",
            where=f"seal {anchor.number}",
            why="its digest is not the one that the anchor knows",
        )


def _of_seal(seal: Seal, why: str) -> Finding:
    return Finding(kind="seal changed", where=f"seal {seal.number}", why=why)


def parse_anchors(lines: Sequence[str]) -> tuple[Head, ...]:
    """``number:digest`` in hex, one each. Raises ValueError."""
    parts = [line.strip().partition(":") for line in lines if line.strip()]
    return tuple(Head(number=int(number), digest=bytes.fromhex(hex_)) for number, _, hex_ in parts)
