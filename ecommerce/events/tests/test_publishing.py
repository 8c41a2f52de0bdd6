"""Publishing: in a transaction, in one INSERT, in the shape that the schema says."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any

import pytest
from django.db import transaction

from ecommerce.context import bind
from ecommerce.events import publish, publish_many
from ecommerce.events.envelope import Envelope
from ecommerce.events.errors import InvalidPayload, NoTransaction, UnknownEvent
from ecommerce.events.testing import drain, published
from ecommerce.events.tests.kit import PARCEL_SENT, ParcelSent, listening, rows, send

Counted = Callable[[int], AbstractContextManager[Any]]


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused_and_leaves_nothing() -> None:
    with pytest.raises(NoTransaction):
        publish(ParcelSent(parcel="a", number=1))

    assert rows("SELECT count(*) FROM outbox") == [(0,)]


@pytest.mark.django_db(transaction=True)
def test_an_event_of_a_rolled_back_transaction_was_never_told() -> None:
    with transaction.atomic():
        publish(ParcelSent(parcel="a", number=1))
        transaction.set_rollback(True)

    assert published() == []


@pytest.mark.django_db
def test_an_envelope_says_what_when_who_and_why() -> None:
    with bind(correlation_id="c-1", causation_id="e-0", trace_id="t" * 32):
        publish(ParcelSent(parcel="a", number=7))

    (envelope,) = published()
    assert (envelope.event_type, envelope.producer, envelope.schema_version) == (
        PARCEL_SENT,
        "ecommerce.testing",
        1,
    )
    assert (envelope.correlation_id, envelope.causation_id, envelope.trace_id) == (
        "c-1",
        "e-0",
        "t" * 32,
    )
    assert (envelope.partition_key, envelope.position) == ("a", 1)
    assert envelope.payload == {"parcel": "a", "number": 7}
    assert envelope.read(ParcelSent) == ParcelSent(parcel="a", number=7)


@pytest.mark.django_db
def test_many_events_are_one_insert(django_assert_num_queries: Counted) -> None:
    with django_assert_num_queries(1):
        publish_many([ParcelSent(parcel="a", number=number) for number in range(50)])

    assert [envelope.payload["number"] for envelope in published()] == list(range(50))


@pytest.mark.django_db
def test_very_many_events_are_told_like_one() -> None:
    nasty = 'tab\t back\\slash "quote" \r\nnew line \\N é \x1f'
    told = [ParcelSent(parcel=f"{nasty}{number}", number=number) for number in range(1_000)]

    with transaction.atomic(), bind(correlation_id=nasty):
        publish(told[0])
        publish_many(told)

    alone, *together = published()
    assert [envelope.read(ParcelSent) for envelope in together] == told
    assert {envelope.correlation_id for envelope in together} == {nasty}
    assert len({envelope.event_id for envelope in together}) == 1_000
    of_itself = {"event_id", "occurred_at", "position", "recorded_at"}
    assert _facts(together[0], of_itself) == _facts(alone, of_itself)


@pytest.mark.django_db
def test_one_misfit_among_very_many_leaves_none_told() -> None:
    told = [ParcelSent(parcel="a", number=number) for number in range(1_000)]

    with pytest.raises(InvalidPayload), transaction.atomic():
        publish_many([*told, ParcelSent(parcel="a", number="many")])  # type: ignore[arg-type]

    assert published() == []


def _facts(envelope: Envelope, without: set[str]) -> dict[str, Any]:
    return {name: value for name, value in asdict(envelope).items() if name not in without}


@pytest.mark.django_db
def test_a_value_of_the_wrong_type_is_refused_and_names_the_field() -> None:
    with pytest.raises(InvalidPayload, match="number"):
        publish(ParcelSent(parcel="a", number="seven"))  # type: ignore[arg-type]  # that is the point


@pytest.mark.django_db
def test_an_undeclared_event_is_refused() -> None:
    with pytest.raises(UnknownEvent, match="object"):
        publish(object())


@pytest.mark.django_db
def test_what_a_handler_publishes_names_the_event_that_it_answers() -> None:
    def answer(events: Any) -> None:
        for event in events:
            if event.payload["number"] < 10:
                publish(ParcelSent(parcel="answer", number=10 + event.payload["number"]))

    with listening("test.answer", answer):
        send(("a", 1), ("b", 2))
        drain()

    told = {envelope.payload["number"]: envelope for envelope in published()}
    assert told[11].causation_id == str(told[1].event_id)
    assert told[12].causation_id == str(told[2].event_id)
    assert told[12].correlation_id == told[2].correlation_id


@pytest.mark.django_db
def test_what_the_log_cannot_keep_is_refused_where_it_is_told() -> None:
    with pytest.raises(InvalidPayload):
        publish(ParcelSent(parcel="a\x00b", number=1))

    publish(ParcelSent(parcel="a\\u0000b", number=1))  # the text of the escape is none

    (envelope,) = published()
    assert envelope.payload["parcel"] == "a\\u0000b"
