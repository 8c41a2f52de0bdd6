"""Every registered event as an AsyncAPI 3 document."""

import inspect
from collections.abc import Sequence
from typing import Any

from ecommerce.events.contract._example import example_of
from ecommerce.events.partitioning import PARTITIONS
from ecommerce.events.registry import EventType, all_types

Document = dict[str, Any]
_DESCRIPTION = f"""\
Facts that the shop tells of, in the past tense. Events of one partition key arrive in the order in which they
happened; the log has {PARTITIONS} partitions. An event is told at least once to whoever is outside: deduplicate by eventId.

A field is never taken away, never changes its type and never becomes compulsory within a version: what must
change so is announced as the next version (`.v2`) beside the old one.

**CloudEvents 1.0.** Outside the house an event is offered in the CloudEvents JSON form too: id = eventId,
source = producer as a path, type = eventType, subject and partitionkey = partitionKey, time = occurredAt,
dataschema = `urn:shop:event:` with the type, sequence = the position in the log (20 digits),
correlationid and causationid as extensions, traceparent as the distributed tracing extension says, data = payload.
"""
_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_ENVELOPE = {
    "type": "object",
    "required": [
        "eventId",
        "eventType",
        "occurredAt",
        "producer",
        "correlationId",
        "schemaVersion",
        "partitionKey",
        "payload",
    ],
    "properties": {
        "eventId": {
            **_TEXT,
            "format": "uuid",
            "description": "UUIDv7; the same whenever the event is told again.",
        },
        "eventType": {**_TEXT, "description": "ecommerce.<context>.<aggregate>.<event>.v<N>"},
        "occurredAt": {**_TEXT, "format": "date-time"},
        "producer": {**_TEXT, "description": "The context that tells it."},
        "traceId": {**_TEXT_OR_NULL, "description": "W3C trace id of the request."},
        "correlationId": {**_TEXT, "description": "One for all that follows from a request."},
        "causationId": {**_TEXT_OR_NULL, "description": "The event that this one answers."},
        "schemaVersion": {"type": "integer"},
        "partitionKey": {**_TEXT, "description": "Events of one key are in order."},
        "payload": {"type": "object"},
    },
}


def asyncapi_document(only: Sequence[EventType] | None = None) -> Document:
    """The document, the same for the same events: all that are registered, or only those given."""
    kinds = all_types() if only is None else only
    channels: Document = {}
    operations: Document = {}
    for kind in kinds:
        channel = kind.name.removeprefix("ecommerce.").rsplit(".", 2)[0]
        channels.setdefault(channel, _channel(kind))["messages"][kind.name] = {
            "$ref": f"#/components/messages/{kind.name}"
        }
        operations[kind.name] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{channel}"},
            "messages": [{"$ref": f"#/channels/{channel}/messages/{kind.name}"}],
        }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Events of the shop", "version": "1.0.0", "description": _DESCRIPTION},
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": {kind.name: _message(kind) for kind in kinds},
            "schemas": {"Envelope": _ENVELOPE, **{kind.name: _schema(kind) for kind in kinds}},
        },
    }


def _channel(kind: EventType) -> Document:
    address = kind.name.rsplit(".", 2)[0]
    return {
        "address": address,
        "description": f"What happens to a {address.rsplit('.', 1)[1]}.",
        "messages": {},
    }


def _message(kind: EventType) -> Document:
    return {
        "name": kind.name,
        "title": kind.cls.__name__,
        "summary": _summary(kind.cls),
        "contentType": "application/json",
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/Envelope"},
                {
                    "type": "object",
                    "properties": {
                        "eventType": {"const": kind.name},
                        "payload": {"$ref": f"#/components/schemas/{kind.name}"},
                    },
                },
            ]
        },
        "x-partition-key": kind.key,
        "examples": [{"name": kind.cls.__name__, "payload": _example(kind)}],
    }


def _summary(cls: type) -> str:
    """The first line of the docstring that a person wrote; dataclasses make one of their signature."""
    written = inspect.getdoc(cls) or ""
    return cls.__name__ if written.startswith(f"{cls.__name__}(") else written.split("\n")[0]


def _schema(kind: EventType) -> Document:
    """The payload's schema, its references made good for where it stands in the document."""
    schema: Document = _moved(kind.schema, f"#/components/schemas/{kind.name}/$defs/")
    return schema


def _moved(part: Any, home: str) -> Any:
    if isinstance(part, dict):
        return {
            name: value.replace("#/$defs/", home) if name == "$ref" else _moved(value, home)
            for name, value in part.items()
        }
    return [_moved(value, home) for value in part] if isinstance(part, list) else part


def _example(kind: EventType) -> Document:
    return {
        "eventId": "01920000-0000-7000-8000-000000000000",
        "eventType": kind.name,
        "occurredAt": "2026-01-31T12:00:00Z",
        "producer": kind.producer,
        "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
        "correlationId": "01920000-0000-7000-8000-00000000000c",
        "causationId": None,
        "schemaVersion": kind.schema_version,
        "partitionKey": str(_payload_example(kind).get(_camel(kind.key))),
        "payload": _payload_example(kind),
    }


def _payload_example(kind: EventType) -> Document:
    example: Document = example_of(kind.schema, kind.schema.get("$defs", {}))
    return example


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
