"""What devices tell by MQTT."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceMessage:
    """A message as the broker gave it to the client ``client``.

    ``number`` is the packet's, by which the broker knows what is not acknowledged; ``again``: it may have come before.
    """

    topic: str
    payload: bytes
    client: str
    number: int
    again: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceDelta:
    """Units of a SKU (id or code) more or less at a location. ``at`` is when, in the device's own words.

    ``message_id`` is the device's own: two devices may give the same. ``device_id`` is empty where it is not said.
    """

    sku: str
    delta: int
    reason: str
    location: str
    device_id: str = ""
    message_id: str = ""
    at: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class BadMessage:
    """Why a message means nothing."""

    code: str
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceOutcome:
    """How many messages were applied, had been before, or lie with the dead letters.

    ``untold`` of the applied ones had neither an id nor a time: a device's own repeat of one would not be known.
    """

    applied: int = 0
    repeated: int = 0
    dead: int = 0
    untold: int = 0
