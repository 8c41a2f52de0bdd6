"""What workers do for events: pump them onwards."""

from typing import Any

from ecommerce.events import wake
from ecommerce.events.draining import drain
from ecommerce.periodic import periodic

_SECONDS = 10.0
"""A pump gives its worker back after this long; the next one goes on where it stopped."""


@periodic(seconds=1)
def pump(**_unknown: Any) -> None:
    """Sequence and consume until it is quiet: sent after commits, and by beat each second as the net under them."""
    wake.awake()
    if not drain(seconds=_SECONDS).finished:
        wake.wake()
