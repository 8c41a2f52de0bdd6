"""Receipts and dead letters of devices' messages."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from apps.inventory.models import DeviceLetter
from ecommerce.ids import new_id

KEPT_RECEIPTS = 2_000
"""A client has far fewer messages unacknowledged; a number comes again only after 65,535 others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A message that is kept as it came, and why."""

    topic: str
    payload: bytes
    key: str | None
    code: str
    detail: str


def receipts(client: str, numbers: Collection[int]) -> dict[int, bytes]:
    """What was applied under these numbers the last time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, digest FROM inventory_devicereceipt WHERE client = %s AND number = ANY(%s)",
            [client, list(numbers)],
        )
        return {number: bytes(digest) for number, digest in cursor.fetchall()}


def keep_receipts(client: str, applied: dict[int, bytes]) -> None:
    """In the place of what the numbers stood for before; the oldest go."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM inventory_devicereceipt WHERE client = %s AND (number = ANY(%s) OR id <"
            " (SELECT max(id) FROM inventory_devicereceipt WHERE client = %s) - %s)",
            [client, list(applied), client, KEPT_RECEIPTS],
        )
        cursor.execute(
            "INSERT INTO inventory_devicereceipt (client, number, digest)"
            " SELECT %s, n, d FROM unnest(%s::int[], %s::bytea[]) AS t(n, d)",
            [client, list(applied), list(applied.values())],
        )


def keep_letters(letters: Sequence[Letter]) -> None:
    """One that is there by its key stays as it is."""
    DeviceLetter.objects.bulk_create(
        [
            DeviceLetter(
                id=new_id(),
                topic=letter.topic,
                payload=letter.payload,
                key=letter.key,
                code=letter.code,
                detail=letter.detail[:500],
            )
            for letter in letters
        ],
        ignore_conflicts=True,
    )


def open_letter(letter_id: UUID) -> DeviceLetter | None:
    """Locked, where it is open."""
    return DeviceLetter.objects.select_for_update().filter(id=letter_id, status="open").first()


def waiting_for_stock(code: str, *, most_attempts: int, limit: int) -> list[UUID]:
    """Open letters that more stock may help, oldest first."""
    found = DeviceLetter.objects.filter(status="open", code=code, attempts__lt=most_attempts)
    return list(found.order_by("received_at", "id").values_list("id", flat=True)[:limit])


def close_letter(letter: DeviceLetter, *, status: str, by: str, now: datetime) -> None:
    letter.status, letter.closed_at, letter.closed_by = status, now, by
    letter.save(update_fields=["status", "closed_at", "closed_by"])


def note_attempt(letter: DeviceLetter, *, code: str, detail: str) -> None:
    letter.code, letter.detail, letter.attempts = code, detail[:500], letter.attempts + 1
    letter.save(update_fields=["code", "detail", "attempts"])
