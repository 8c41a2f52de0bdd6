"""Feeding a handler the log from the beginning, into the shadow, up to where the live consumer stands."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from ecommerce.events.archiving import last_archived_position, read_archives
from ecommerce.events.envelope import Envelope
from ecommerce.events.errors import LogMoved
from ecommerce.events.handling import run
from ecommerce.events.log import Place, read_at, read_between, read_next
from ecommerce.events.replaying._shadow import in_shadow
from ecommerce.events.replaying_now import replay_mode
from ecommerce.events.subscriptions import Consumer

_WINDOW = 2_000
_NOT_APPLIED = """
SELECT position, 'parked' FROM parked_event
WHERE consumer = %(consumer)s AND position = ANY(%(positions)s)
UNION ALL
SELECT position, 'discarded' FROM dead_letter
WHERE consumer = %(consumer)s AND position = ANY(%(positions)s) AND status = 'discarded'
"""


@dataclass(kw_only=True, slots=True)
class Feed:
    """How far the shadow has come.

    It must hold what the live tables hold: events parked there are put off, with all later ones of their
    key, until the end; events discarded there are left out.
    """

    consumer: Consumer
    schema: str
    begin: int
    since: datetime | None
    applied: int = 0
    archived: int = 0
    reached: dict[int, int] = field(default_factory=dict)
    put_off: list[tuple[int, datetime]] = field(default_factory=list)
    held: set[str] = field(default_factory=set)

    def from_archives(self, directory: Path | None) -> Iterator[int]:
        """Feed what is in files; yields how many were looked at, again and again."""
        self.archived = last_archived_position()
        window: list[Envelope] = []
        for event in read_archives(after=self.begin, directory=directory):
            window.append(event)
            if len(window) == _WINDOW:
                self._apply_window(window)
                yield len(window)
                window = []
        self._apply_window(window)
        yield len(window)
        self.begin = max(self.begin, self.archived)

    def from_log(self, targets: dict[int, int]) -> Iterator[int]:
        """Feed each partition up to its target; yields how many were fed, again and again.

        As far as all partitions are to go, they go side by side: the handler meets events of different
        keys in about the order in which they happened, as it does live.
        """
        if last_archived_position() > self.archived:
            raise LogMoved("part of the log was archived meanwhile: replay again")
        end = min(targets.values())
        while window := self._window(end):
            self._apply_window(window)
            self.begin = window[-1].position
            yield len(window)
        self.begin = max(self.begin, end)
        for partition, target in targets.items():
            while events := self._rest(partition, target):
                self._apply(events)
                self.reached[partition] = events[-1].position
                yield len(events)

    def _window(self, end: int) -> list[Envelope]:
        return read_between(
            self.begin, end, types=self.consumer.event_types, since=self.since, limit=_WINDOW
        )

    def _rest(self, partition: int, target: int) -> list[Envelope]:
        reached = max(self.reached.get(partition, 0), self.begin)
        events = read_next(
            [Place(partition, reached, self.since)],
            types=self.consumer.event_types,
            limit=self.consumer.batch_size,
        )
        return [event for event in events if event.position <= target]

    def _apply_window(self, window: Sequence[Envelope]) -> None:
        """Events of all partitions in order: those wanted and not fed yet, by partition as the handler expects."""
        wanted = frozenset(self.consumer.event_types)
        by_partition: dict[int, list[Envelope]] = defaultdict(list)
        for event in window:
            old = self.since is not None and event.recorded_at < self.since
            fed = event.position <= self.reached.get(event.partition, 0)
            if event.event_type in wanted and not old and not fed:
                by_partition[event.partition].append(event)
        for events in by_partition.values():
            for first in range(0, len(events), self.consumer.batch_size):
                self._apply(events[first : first + self.consumer.batch_size])

    def from_put_off(self) -> None:
        """Feed what was put off and has been applied live since; call it with the live consumer held still."""
        if not self.put_off:
            return
        events = read_at(self.put_off)
        left_out = self._not_applied(events)
        self._run([event for event in events if event.position not in left_out])

    def _apply(self, events: Sequence[Envelope]) -> None:
        left_out = self._not_applied(events)
        self.held.update(e.partition_key for e in events if left_out.get(e.position) == "parked")
        self.put_off += [
            (e.position, e.recorded_at) for e in events if e.partition_key in self.held
        ]
        self._run(
            [e for e in events if e.partition_key not in self.held and e.position not in left_out]
        )

    @transaction.atomic
    def _run(self, events: Sequence[Envelope]) -> None:
        if not events:
            return
        with replay_mode(), in_shadow(self.schema):
            run(self.consumer, events)
        self.applied += len(events)

    def _not_applied(self, events: Sequence[Envelope]) -> dict[int, str]:
        """Positions that the live consumer parked or an operator discarded, and which of the two."""
        positions = [event.position for event in events]
        with connection.cursor() as cursor:
            cursor.execute(_NOT_APPLIED, {"consumer": self.consumer.name, "positions": positions})
            return dict(cursor.fetchall())
