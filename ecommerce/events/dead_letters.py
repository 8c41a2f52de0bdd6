"""What operators do about events that a consumer could not digest."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from ecommerce.events import parking
from ecommerce.events.envelope import Envelope
from ecommerce.events.errors import DeadLetterSettled, UnknownDeadLetter
from ecommerce.events.log import read_at
from ecommerce.events.models import DeadLetter, Offset, ParkedEvent
from ecommerce.events.offsets import await_standing
from ecommerce.events.wake import wake_on_commit


@dataclass(frozen=True, kw_only=True, slots=True)
class DeadLetterView:
    """A dead letter, and how many events of its key wait behind it."""

    id: UUID
    consumer: str
    event_id: UUID
    event_type: str
    partition_key: str
    position: int
    attempts: int
    error: str
    traceback: str
    status: str
    died_at: datetime
    settled_at: datetime | None
    waiting: int


def list_dead_letters(
    *, consumer: str | None = None, status: str | None = None, limit: int = 100
) -> list[DeadLetterView]:
    """The newest first."""
    letters = DeadLetter.objects.order_by("-died_at", "-position")
    if consumer:
        letters = letters.filter(consumer=consumer)
    if status:
        letters = letters.filter(status=status)
    return [_view(letter) for letter in letters[:limit]]


def show_dead_letter(letter_id: UUID) -> tuple[DeadLetterView, Envelope | None]:
    """The letter and its event; None for the event if it is archived."""
    letter = _get(letter_id)
    parked = ParkedEvent.objects.filter(consumer=letter.consumer, position=letter.position).first()
    event = read_at([(parked.position, parked.recorded_at)])[0] if parked else None
    return _view(letter), event


@transaction.atomic
def redrive(letter_id: UUID, *, now: datetime) -> None:
    """Try the event again from its first attempt; those that wait behind it follow in order."""
    letter, head = _dead(letter_id)
    head.state, head.attempts, head.next_attempt_at = ParkedEvent.State.RETRY, 0, now
    head.save()
    letter.status = DeadLetter.Status.REDRIVING
    letter.save()
    wake_on_commit()


@transaction.atomic
def discard(letter_id: UUID, *, now: datetime) -> None:
    """Give the event up for this consumer for good; those that wait behind it flow on."""
    letter, head = _dead(letter_id)
    parking.release(head, now=now)
    Offset.objects.filter(consumer=letter.consumer, partition=letter.partition).update(
        parked=F("parked") - 1
    )
    letter.status, letter.settled_at = DeadLetter.Status.DISCARDED, now
    letter.save()
    wake_on_commit()


def _dead(letter_id: UUID) -> tuple[DeadLetter, ParkedEvent]:
    """The open letter and its parked event, with the consumer held still in that partition."""
    letter = _get(letter_id)
    await_standing(letter.consumer, letter.partition)
    letter.refresh_from_db()
    if letter.status != DeadLetter.Status.OPEN:
        raise DeadLetterSettled(f"Dead letter {letter.id} is {letter.status}", status=letter.status)
    head = ParkedEvent.objects.get(
        consumer=letter.consumer, position=letter.position, state=ParkedEvent.State.DEAD
    )
    return letter, head


def _get(letter_id: UUID) -> DeadLetter:
    letter = DeadLetter.objects.filter(id=letter_id).first()
    if letter is None:
        raise UnknownDeadLetter(f"No dead letter has the id {letter_id}")
    return letter


def _view(letter: DeadLetter) -> DeadLetterView:
    waiting = ParkedEvent.objects.filter(
        consumer=letter.consumer,
        partition=letter.partition,
        partition_key=letter.partition_key,
        state=ParkedEvent.State.QUEUED,
    ).count()
    return DeadLetterView(
        id=letter.id,
        consumer=letter.consumer,
        event_id=letter.event_id,
        event_type=letter.event_type,
        partition_key=letter.partition_key,
        position=letter.position,
        attempts=letter.attempts,
        error=letter.error,
        traceback=letter.traceback,
        status=letter.status,
        died_at=letter.died_at,
        settled_at=letter.settled_at,
        waiting=waiting,
    )
