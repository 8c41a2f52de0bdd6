"""Running a consumer's handler, at once or one event at a time."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import overload

from django.db import connection, transaction

from ecommerce.context import Turn
from ecommerce.events.envelope import Envelope
from ecommerce.events.subscriptions import Consumer
from ecommerce.operations.tracing import consuming, is_traced


class Batch(Sequence[Envelope]):
    """Events in order. While one iterates, what is published names the present event as its cause.

    Whoever runs a handler calls ``leave`` afterwards: a handler that raises leaves its loop half way.
    """

    def __init__(self, events: Sequence[Envelope]) -> None:
        self._events = events
        self._turn = Turn()
        self._span = ExitStack()

    def __len__(self) -> int:
        return len(self._events)

    @overload
    def __getitem__(self, index: int) -> Envelope: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Envelope]: ...
    def __getitem__(self, index: int | slice) -> Envelope | Sequence[Envelope]:
        return self._events[index]

    def __iter__(self) -> Iterator[Envelope]:
        traced = is_traced()
        for event in self._events:
            self.leave()
            self._turn.take(
                correlation_id=event.correlation_id,
                causation_id=str(event.event_id),
                trace_id=event.trace_id,
                traceparent=event.traceparent,
            )
            if traced:
                self._span.enter_context(
                    consuming(
                        event_type=event.event_type,
                        event_id=event.event_id,
                        traceparent=event.traceparent,
                    )
                )
            yield event
        self.leave()

    def leave(self) -> None:
        """End the work context of the present event."""
        self._span.close()
        self._turn.end()


class BatchFailed(Exception):
    """The handler raised on a batch: what it did must be rolled back, then its events tried one by one."""


def run_at_once(consumer: Consumer, events: Sequence[Envelope]) -> None:
    """Run the handler on the whole batch, or raise BatchFailed. No savepoint: the transaction is lost."""
    if not events:
        return
    try:
        run(consumer, events)
    except Exception as error:
        raise BatchFailed(consumer.name) from error


def run_one(consumer: Consumer, event: Envelope) -> Exception | None:
    """Run the handler on one event in a savepoint; returns what it raised."""
    try:
        with transaction.atomic():
            run(consumer, (event,))
    except Exception as error:
        if connection.connection is None or connection.connection.closed:
            raise  # the database is gone, not the event bad
        return error
    return None


def run(consumer: Consumer, events: Sequence[Envelope]) -> None:
    """Run the handler; it may raise."""
    batch = Batch(events)
    try:
        consumer.handler(batch)
    finally:
        batch.leave()
