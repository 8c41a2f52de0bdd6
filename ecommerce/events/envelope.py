"""What surrounds a fact: who told it, when, why, and where it stands in the log. Free of Django."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from ecommerce.events.wire import from_payload

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """One event of the log."""

    event_id: UUID
    event_type: str
    occurred_at: datetime
    producer: str
    trace_id: str | None
    correlation_id: str
    causation_id: str | None
    schema_version: int
    partition_key: str
    payload: dict[str, Any]
    position: int
    """Its place in the log, which readers see without gaps."""
    partition: int
    recorded_at: datetime
    traceparent: str | None = None

    def read(self, cls: type[T]) -> T:
        """The payload as a dataclass of the reader's own; fields that it does not name are ignored."""
        return from_payload(self.payload, cls)

    def to_json(self) -> dict[str, Any]:
        """The envelope on the wire."""
        return {
            "eventId": str(self.event_id),
            "eventType": self.event_type,
            "occurredAt": _rfc3339(self.occurred_at),
            "producer": self.producer,
            "traceId": self.trace_id,
            "correlationId": self.correlation_id,
            "causationId": self.causation_id,
            "schemaVersion": self.schema_version,
            "partitionKey": self.partition_key,
            "payload": self.payload,
        }

    def to_cloudevent(self) -> dict[str, Any]:
        """The CloudEvents 1.0 JSON form, with the partitioning and distributed tracing extensions."""
        attributes = {
            "specversion": "1.0",
            "id": str(self.event_id),
            "source": f"/{self.producer.replace('.', '/')}",
            "type": self.event_type,
            "subject": self.partition_key,
            "time": _rfc3339(self.occurred_at),
            "datacontenttype": "application/json",
            "dataschema": f"urn:shop:event:{self.event_type}",
            "partitionkey": self.partition_key,
            "sequence": f"{self.position:020d}",
            "correlationid": self.correlation_id,
            "causationid": self.causation_id,
            "traceparent": self.traceparent,
            "data": self.payload,
        }
        return {name: value for name, value in attributes.items() if value is not None}


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
