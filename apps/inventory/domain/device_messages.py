"""What a device says of a SKU: ``iot/inventory/{sku}/delta`` with ``{"delta": -2, "reason": "SENSOR"}``."""

import hashlib
import json
import re
from typing import Any

from apps.inventory.types import BadMessage, DeviceDelta, DeviceMessage
from ecommerce.dimensions import LOCATION

MOST_BYTES = 8 * 1024
MAX_UNITS = 1_000_000_000
_TOPIC = re.compile(r"iot/inventory/([^/+#\x00]{1,100})/delta")
_NO_TEXT = re.compile(r"[\x00\ud800-\udfff]")
"""What JSON can spell and no text of the database holds: nought, and halves of a character."""
_LENGTHS = {"reason": 200, "deviceId": 100, "messageId": 100, "location": 40, "at": 40}


class _Wrong(Exception):
    pass


def delta_of(message: DeviceMessage, *, id_required: bool = False) -> DeviceDelta | BadMessage:
    """What a message means, or why it means nothing; or why it is not believed, where an id is required."""
    try:
        delta = _read(message)
    except _Wrong as wrong:
        return BadMessage(code="inventory/bad-message", detail=str(wrong))
    if id_required and not delta.message_id and not delta.at:
        return BadMessage(
            code="inventory/message-without-id",
            detail="neither messageId nor at: it may be one that the device has sent before",
        )
    return delta


def digest_of(message: DeviceMessage) -> bytes:
    """The same for messages that are alike to the byte."""
    topic = message.topic.encode("utf-8", "surrogatepass")
    return hashlib.sha256(topic + b"\n" + message.payload).digest()


def key_of(message: DeviceMessage, delta: DeviceDelta) -> str | None:
    """By what a repeat is known: the id that the device gave the message, or all of it where it says when.

    An id is the device's own, and counts among what that device tells of the SKU at that location. None where the
    message says neither: then two that are alike may be two things that happened.
    """
    if delta.message_id:
        named = json.dumps([delta.sku, delta.location, delta.device_id, delta.message_id])
        return f"device:{hashlib.sha256(named.encode()).hexdigest()[:40]}"
    return key_of_all(message) if delta.at else None


def key_of_all(message: DeviceMessage) -> str:
    """The key of a message that only its like to the byte repeats."""
    return f"device:{digest_of(message).hex()[:40]}"


def _read(message: DeviceMessage) -> DeviceDelta:
    topic = _TOPIC.fullmatch(message.topic)
    if topic is None:
        raise _Wrong("the topic names no SKU")
    body = _body(message.payload)
    delta = body.get("delta")
    if type(delta) is not int or delta == 0 or abs(delta) > MAX_UNITS:
        raise _Wrong("delta is no whole number of units, or none")
    return DeviceDelta(
        sku=topic[1],
        delta=delta,
        reason=_text(body, "reason") or "SENSOR",
        location=_text(body, "location") or LOCATION,
        device_id=_text(body, "deviceId"),
        message_id=_text(body, "messageId"),
        at=_text(body, "at"),
    )


def _body(payload: bytes) -> dict[str, Any]:
    if len(payload) > MOST_BYTES:
        raise _Wrong(f"the message is longer than {MOST_BYTES} bytes")
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError):
        raise _Wrong("the message is not JSON") from None
    if not isinstance(body, dict):
        raise _Wrong("the message is no JSON object")
    return body


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if value is None:
        return ""
    if type(value) is int and name in {"deviceId", "messageId", "at"}:
        value = str(value)
    if not isinstance(value, str) or len(value) > _LENGTHS[name] or _NO_TEXT.search(value):
        raise _Wrong(f"{name} is no text of up to {_LENGTHS[name]} characters")
    return value.strip()
