"""Events and consumers of the tests' own."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from ecommerce.events import Envelope, consumer, publish_many
from ecommerce.events.registry import event
from ecommerce.events.subscriptions import forget_consumer


@event("ecommerce.testing.parcel.sent.v1", key="parcel")
@dataclass(frozen=True, kw_only=True, slots=True)
class ParcelSent:
    parcel: str
    number: int


PARCEL_SENT = "ecommerce.testing.parcel.sent.v1"


@contextmanager
def listening(
    name: str, handler: Callable[[Sequence[Envelope]], None], **options: Any
) -> Iterator[None]:
    """A consumer of parcels for as long as the block lasts."""
    consumer(name, PARCEL_SENT, **options)(handler)
    try:
        yield
    finally:
        forget_consumer(name)


def send(*parcels: tuple[str, int]) -> None:
    """Publish parcels in one transaction."""
    with transaction.atomic():
        publish_many([ParcelSent(parcel=parcel, number=number) for parcel, number in parcels])


def record_as_of(moment: datetime) -> None:
    """Have the whole log recorded at that moment, in its default part."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE event_log DISABLE TRIGGER event_log_append_only")
        cursor.execute("UPDATE event_log SET recorded_at = %s", [moment])
        cursor.execute("ALTER TABLE event_log ENABLE TRIGGER event_log_append_only")


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a query of the test finds."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
