"""The event spine: publish facts in the transaction that makes them true, consume them exactly once.

Nothing is imported until it is asked for, so that declaring an event needs no Django.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ecommerce.events.envelope import Envelope
    from ecommerce.events.publishing import publish, publish_many, told_together
    from ecommerce.events.registry import event
    from ecommerce.events.subscriptions import consumer

__all__ = ["Envelope", "consumer", "event", "publish", "publish_many", "told_together"]

_HOME = {
    "Envelope": "ecommerce.events.envelope",
    "consumer": "ecommerce.events.subscriptions",
    "event": "ecommerce.events.registry",
    "publish": "ecommerce.events.publishing",
    "publish_many": "ecommerce.events.publishing",
    "told_together": "ecommerce.events.publishing",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
