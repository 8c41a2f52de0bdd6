"""Declaring events: what a registered type must be, and how it looks on the wire."""

import datetime as dt
import json
import subprocess
import sys
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest

from ecommerce.events.envelope import Envelope
from ecommerce.events.errors import EventError, InvalidPayload, UnknownEvent
from ecommerce.events.partitioning import PARTITIONS, partition_of
from ecommerce.events.registry import EventType, event, name_of, type_named
from ecommerce.events.subscriptions import consumer
from ecommerce.events.tests.kit import PARCEL_SENT, ParcelSent
from ecommerce.events.wire import from_payload, to_json
from ecommerce.money import Money


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    part_id: UUID
    unit_price: Money


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    thing_id: UUID
    parts: tuple[Part, ...]
    tax_rate: Decimal
    made_at: dt.datetime
    sold_on: dt.date | None = None
    colour: Colour = Colour.RED
    option_values: dict[str, str] = field(default_factory=dict)


ID = UUID("01920000-0000-7000-8000-000000000001")
THING = Thing(
    thing_id=ID,
    parts=(Part(part_id=ID, unit_price=Money(1999, "EUR")),),
    tax_rate=Decimal("0.190"),
    made_at=dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC),
    option_values={"Frame_size": "L"},
)


def test_a_payload_is_camel_case_with_map_keys_as_they_are() -> None:
    assert json.loads(to_json(THING)) == {
        "thingId": str(ID),
        "parts": [{"partId": str(ID), "unitPrice": {"amount": 1999, "currency": "EUR"}}],
        "taxRate": "0.190",
        "madeAt": "2026-01-31T12:00:00Z",
        "soldOn": None,
        "colour": "red",
        "optionValues": {"Frame_size": "L"},
    }


def test_a_payload_reads_back_as_it_was() -> None:
    assert from_payload(json.loads(to_json(THING)), Thing) == THING


def test_a_reader_ignores_what_it_does_not_name_and_fills_in_defaults() -> None:
    @dataclass(frozen=True)
    class Glance:
        thing_id: UUID
        priority: int = 3

    assert from_payload(json.loads(to_json(THING)), Glance) == Glance(ID, 3)


def test_a_time_without_a_zone_is_refused() -> None:
    @dataclass(frozen=True)
    class Moment:
        at: dt.datetime

    with pytest.raises(InvalidPayload):
        EventType(name="ecommerce.testing.moment.passed.v1", key="at", cls=Moment).payload_of(
            Moment(at=dt.datetime(2026, 1, 31))  # noqa: DTZ001  # that is the point
        )


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_json_cannot_write_is_refused_and_one_that_it_can_is_not(
    number: float,
) -> None:
    @dataclass(frozen=True)
    class Weighed:
        grams: dict[str, float | str]

    kind = EventType(name="ecommerce.testing.parcel.weighed.v1", key="grams", cls=Weighed)

    with pytest.raises(InvalidPayload, match="grams"):
        kind.payload_of(Weighed(grams={"a": number}))
    assert kind.payload_of(Weighed(grams={"a": 1.5})) == b'{"grams":{"a":1.5}}'
    assert kind.schema["properties"]["grams"]["additionalProperties"] == {
        "anyOf": [{"type": "number"}, {"type": "string"}]
    }


@pytest.mark.parametrize(
    "name",
    [
        "parcel.sent",
        "ecommerce.testing.sent.v1",
        "ecommerce.testing.parcel.sent",
        "ecommerce.testing.parcel.Sent.v1",
    ],
)
def test_a_name_of_another_form_is_refused(name: str) -> None:
    with pytest.raises(EventError, match="is not ecommerce"):
        event(name, key="number")(ParcelSent)


def test_a_second_declaration_of_a_name_is_refused() -> None:
    @dataclass(frozen=True)
    class Impostor:
        parcel: str

    with pytest.raises(EventError, match="already declared"):
        event(PARCEL_SENT, key="parcel")(Impostor)


def test_a_key_that_is_no_field_is_refused() -> None:
    with pytest.raises(EventError, match="no field 'weight'"):
        event(PARCEL_SENT, key="weight")(ParcelSent)


def test_a_class_that_can_change_is_refused() -> None:
    @dataclass
    class Loose:
        parcel: str

    with pytest.raises(EventError, match="frozen"):
        event("ecommerce.testing.loose.sent.v1", key="parcel")(Loose)


@pytest.mark.parametrize(
    "name",
    ["email", "customer_email", "phone_number", "first_name", "customer_name", "shipping_address", "street", "line1",
     "postal_code", "birth_date", "ip", "guest_token", "iban"],
)  # fmt: skip
def test_a_field_named_like_personal_data_is_refused(name: str) -> None:
    cls: type = dataclass(frozen=True)(
        type("Personal", (), {"__annotations__": {"order_id": UUID, name: str}})
    )

    with pytest.raises(EventError, match=f"not personal data: {name}"):
        event("ecommerce.testing.person.met.v1", key="order_id")(cls)


@pytest.mark.parametrize(
    "name",
    [
        "address_id",
        "name",
        "product_name",
        "email_hash",
        "line_id",
        "shipping_minor",
        "zipped",
        "description",
    ],
)
def test_a_harmless_name_is_not(name: str) -> None:
    cls: type = dataclass(frozen=True)(
        type("Fine", (), {"__annotations__": {"order_id": UUID, name: str}})
    )

    event(f"ecommerce.testing.fine.{name.replace('1', '')}.v1", key="order_id")(cls)


def test_personal_data_in_a_nested_class_is_found_when_it_is_first_published() -> None:
    @dataclass(frozen=True)
    class Person:
        surname: str

    @dataclass(frozen=True)
    class Met:
        order_id: UUID
        person: Person

    kind = EventType(name="ecommerce.testing.nested.met.v1", key="order_id", cls=Met)
    with pytest.raises(EventError, match="surname"):
        _ = kind.schema


def test_an_undeclared_class_or_name_is_refused() -> None:
    with pytest.raises(UnknownEvent):
        name_of(Thing)
    with pytest.raises(UnknownEvent):
        type_named("ecommerce.testing.nothing.happened.v1")
    with pytest.raises(EventError, match="listens to nothing"):
        consumer("test.deaf")


def test_a_key_stays_in_its_partition_for_ever() -> None:
    assert [partition_of(key) for key in ("a", "b", "01920000-0000-7000-8000-000000000001")] == [
        3,
        9,
        8,
    ]
    assert {partition_of(str(number)) for number in range(1_000)} == set(range(PARTITIONS))


def test_the_cloudevents_form_has_what_the_specification_asks() -> None:
    moment = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
    facts: dict[str, Any] = {
        "event_id": ID,
        "event_type": PARCEL_SENT,
        "occurred_at": moment,
        "producer": "ecommerce.testing",
        "trace_id": None,
        "correlation_id": "c-1",
        "causation_id": None,
        "schema_version": 1,
        "partition_key": "a",
        "payload": {"parcel": "a", "number": 1},
        "position": 42,
        "partition": 3,
        "recorded_at": moment,
    }

    assert Envelope(**facts).to_cloudevent() == {
        "specversion": "1.0",
        "id": str(ID),
        "source": "/ecommerce/testing",
        "type": PARCEL_SENT,
        "subject": "a",
        "time": "2026-01-31T12:00:00Z",
        "datacontenttype": "application/json",
        "dataschema": f"urn:shop:event:{PARCEL_SENT}",
        "partitionkey": "a",
        "sequence": "00000000000000000042",
        "correlationid": "c-1",
        "data": {"parcel": "a", "number": 1},
    }
    assert Envelope(**facts).to_json()["eventId"] == str(ID)


def test_declaring_an_event_needs_no_django() -> None:
    program = (
        "import sys, ecommerce.events, ecommerce.events.registry, ecommerce.events.envelope;"
        "sys.exit(any(name.split('.')[0] in ('django', 'celery', 'rest_framework') for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
