"""A consumer of the proving ground's own: it writes down each event that it is given, as often as it is given it.

Declared only in shops that are started with ``SHOP_TALLY``; the experiment makes its tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from ecommerce.events import Envelope, consumer, event

TRIES = 3
_WRITE = """
INSERT INTO proving_tally (event_id, topic, position, lag_seconds)
SELECT event_id, partition_key, position, extract(epoch FROM clock_timestamp() - occurred_at)
FROM event_log WHERE position = ANY(%s) AND recorded_at BETWEEN %s AND %s ORDER BY position"""


@event("ecommerce.proving.note.written.v1", key="topic")
@dataclass(frozen=True, kw_only=True, slots=True)
class NoteWritten:
    """Something to be told of."""

    topic: str
    poison: bool = False
    """The tally breaks on it, until there is a cure."""


class IndigestibleError(Exception):
    """What a consumer's bug looks like from outside."""


@consumer("proving.tally", NoteWritten, "ecommerce.orders.order.*", batch_size=20, attempts=TRIES)
def tally(events: Sequence[Envelope]) -> None:
    """Without a guard of its own against repeats: the spine's is on trial."""
    for one in events:
        if one.payload.get("poison"):
            _digest()
    times = [one.recorded_at for one in events]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [[one.position for one in events], min(times), max(times)])


def _digest() -> None:
    with connection.cursor() as cursor:
        if connection.savepoint_ids:
            # Tried by itself, not in a batch: that is a try. Sequences keep what a rollback undoes.
            cursor.execute("SELECT nextval('proving_tries')")
        cursor.execute("SELECT EXISTS (SELECT FROM proving_cure)")
        (cured,) = cursor.fetchone()
    if not cured:
        raise IndigestibleError
