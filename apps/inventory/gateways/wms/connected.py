"""The warehouse systems that a location may be run by."""

from collections.abc import Callable

from apps.inventory.gateways.wms.files import FileWms
from apps.inventory.gateways.wms.port import WarehouseSystem
from apps.inventory.gateways.wms.sandbox import SandboxWms

_CONNECTED: dict[str, Callable[[], WarehouseSystem]] = {
    "sandbox": SandboxWms,
    "files": FileWms,
}


def system_named(name: str) -> WarehouseSystem | None:
    """The system; None where people run the location by hand."""
    return _CONNECTED[name]() if name in _CONNECTED else None
