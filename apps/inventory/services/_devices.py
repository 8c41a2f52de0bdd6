"""Apply what devices tell, each message once, and keep what cannot be applied."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.device_messages import delta_of, digest_of, key_of, key_of_all
from apps.inventory.errors import InsufficientStock, NoDeviceLetter
from apps.inventory.queries import devices, reading
from apps.inventory.queries.devices import Letter
from apps.inventory.services._change import bulk_adjust
from apps.inventory.services._read import named_skus
from apps.inventory.types import (
    AdjustStock,
    BadMessage,
    BulkItem,
    DeviceDelta,
    DeviceMessage,
    DeviceOutcome,
)
from ecommerce.errors import Conflict, ShopError, kept_reason

ACTOR = "device"
MOST_ATTEMPTS = 100
ID_TAKEN = "inventory/message-id-taken"
_Wish = tuple[DeviceMessage, DeviceDelta, str | None]


@transaction.atomic
def take_device_messages(
    messages: Sequence[DeviceMessage], *, id_required: bool = False
) -> DeviceOutcome:
    """Apply messages of one client in one transaction; acknowledge them when it has committed, not before.

    A message with an id, or with the time at which it happened, counts once whatever repeats it; another number of
    units under the id of one that counted is no repeat, and kept with the dead letters. One with neither
    counts once for each time that the device sent it: the broker's own repeats of what was applied are known by
    their packet number. Where an id is required it is kept with the dead letters instead, for a person to apply or
    discard; as is what cannot be applied.
    """
    fresh = _without_repeats(messages)
    letters: list[Letter] = []
    wishes: list[_Wish] = []
    for message in fresh:
        delta = delta_of(message, id_required=id_required)
        if isinstance(delta, BadMessage):
            letters.append(_letter(message, None, delta.code, delta.detail))
        else:
            wishes.append((message, delta, key_of(message, delta)))
    items = _apply(wishes)
    for (message, _, key), item in zip(wishes, items, strict=True):
        if item.status == "refused":
            own_key = key_of_all(message) if item.code == ID_TAKEN else key
            letters.append(_letter(message, own_key, item.code, item.detail))
    devices.keep_letters(letters)
    if fresh:
        devices.keep_receipts(fresh[0].client, {one.number: digest_of(one) for one in fresh})
    return DeviceOutcome(
        applied=sum(item.status == "applied" for item in items),
        repeated=len(messages) - len(fresh) + sum(item.status == "replayed" for item in items),
        dead=len(letters),
        untold=sum(
            item.status == "applied" and key is None
            for (_, _, key), item in zip(wishes, items, strict=True)
        ),
    )


def bury_device_message(message: DeviceMessage, error: Exception) -> None:
    """Keep a message that broke what should apply it."""
    devices.keep_letters([_letter(message, None, "inventory/broken-message", kept_reason(error))])


def retry_device_letter(*, letter_id: UUID, by: str, now: datetime) -> None:
    """Apply a dead letter after all. Raises NoDeviceLetter where none is open, and what refuses it again."""
    refusal = _retry(letter_id, by, now)
    if refusal is not None:
        raise refusal


@transaction.atomic
def discard_device_letter(*, letter_id: UUID, by: str, now: datetime) -> None:
    """Nobody will apply it. Raises NoDeviceLetter."""
    letter = devices.open_letter(letter_id)
    if letter is None:
        raise NoDeviceLetter
    devices.close_letter(letter, status="discarded", by=by, now=now)


def retry_waiting_letters(*, now: datetime, limit: int = 100) -> int:
    """Try again what found too little stock: what it takes may have arrived since. Says how many were applied."""
    waiting = devices.waiting_for_stock(
        InsufficientStock.code, most_attempts=MOST_ATTEMPTS, limit=limit
    )
    return sum(_retry(letter_id, "", now) is None for letter_id in waiting)


@transaction.atomic
def _retry(letter_id: UUID, by: str, now: datetime) -> ShopError | None:
    letter = devices.open_letter(letter_id)
    if letter is None:
        return NoDeviceLetter()
    message = DeviceMessage(
        topic=letter.topic, payload=bytes(letter.payload), client="", number=0, again=False
    )
    try:
        with transaction.atomic():
            _apply_alone(message, letter.key or f"letter:{letter.id}")
    except ShopError as refusal:
        devices.note_attempt(letter, code=refusal.code, detail=refusal.detail)
        return refusal
    devices.close_letter(letter, status="applied", by=by, now=now)
    return None


def _apply_alone(message: DeviceMessage, key: str) -> None:
    delta = delta_of(message)
    if isinstance(delta, BadMessage):
        raise _Refused(delta.detail, delta.code)
    (item,) = _apply([(message, delta, key)])
    if item.status == "refused":
        raise _Refused(item.detail, item.code)


class _Refused(Conflict):
    """Refused once more, for the reason that ``code`` says."""

    def __init__(self, detail: str, code: str) -> None:
        super().__init__(detail)
        self.code = code  # type: ignore[misc]  # of whatever refused it


def _without_repeats(messages: Sequence[DeviceMessage]) -> list[DeviceMessage]:
    """Less what the broker repeats and was applied: the same number again, and the same message to the byte."""
    if not messages:
        return []
    seen = devices.receipts(messages[0].client, [one.number for one in messages])
    fresh = []
    for message in messages:
        digest = digest_of(message)
        if message.again and seen.get(message.number) == digest:
            continue
        seen[message.number] = digest
        fresh.append(message)
    return fresh


def _apply(wishes: Sequence[_Wish]) -> list[BulkItem]:
    """What comes in before what goes out, so that a late arrival does not refuse what was sold from it."""
    skus = named_skus({delta.sku for _, delta, _ in wishes})
    locations = reading.location_ids({delta.location for _, delta, _ in wishes})
    results: dict[int, BulkItem] = {}
    commands: dict[int, AdjustStock] = {}
    order = sorted(range(len(wishes)), key=lambda index: wishes[index][1].delta < 0)
    for index in order:
        _, delta, key = wishes[index]
        if delta.sku not in skus:
            results[index] = _refused(index, "inventory/unknown-sku", f"no SKU {delta.sku!r}")
        elif delta.location not in locations:
            results[index] = _refused(index, "inventory/unknown-location", f"no {delta.location!r}")
        else:
            commands[index] = AdjustStock(
                sku_id=skus[delta.sku].id,
                delta=delta.delta,
                reason=delta.reason,
                location=delta.location,
                seller=skus[delta.sku].seller,
                reference=delta.message_id,
                actor=ACTOR,
                idempotency_key=key,
            )
    if commands:
        items = bulk_adjust(list(commands.values()))
        for (index, command), item in zip(commands.items(), items, strict=True):
            results[index] = _differing(index, command, item) or item
    return [results[index] for index in range(len(wishes))]


def _differing(index: int, command: AdjustStock, item: BulkItem) -> BulkItem | None:
    """The refusal of what is no repeat though its id says so: most likely another device's."""
    if item.change is None or item.change.delta == command.delta:
        return None
    told = f"{item.change.delta:+d} was told with this id before, not {command.delta:+d}"
    return _refused(index, ID_TAKEN, told)


def _refused(index: int, code: str, detail: str) -> BulkItem:
    return BulkItem(index=index, status="refused", code=code, detail=detail)


def _letter(message: DeviceMessage, key: str | None, code: str, detail: str) -> Letter:
    return Letter(
        topic=message.topic.replace("\x00", ""),
        payload=message.payload,
        key=key,
        code=code,
        detail=detail.replace("\x00", ""),
    )
