"""The carriers that this shop is connected to, by name."""

from collections.abc import Callable

from apps.shipping.errors import CarrierUnknown
from apps.shipping.gateways.carrier import Carrier
from apps.shipping.gateways.sandbox import SandboxCarrier

_CONNECTED: dict[str, Callable[[], Carrier]] = {"sandbox": SandboxCarrier}


def carrier_named(name: str) -> Carrier:
    """The carrier of that name. Raises CarrierUnknown."""
    if name not in _CONNECTED:
        raise CarrierUnknown
    return _CONNECTED[name]()
