"""What workers do for events: pump them onwards."""

from typing import Any

from ecommerce import clock
from ecommerce.events import wake
from ecommerce.events.draining import drain
from ecommerce.events.months import ensure_months
from ecommerce.periodic import periodic

_SECONDS = 10.0
"""A pump gives its worker back after this long; the next one goes on where it stopped."""


@periodic(seconds=1)
def pump(**_unknown: Any) -> None:
    """Sequence and consume until it is quiet: sent after commits, and by beat each second as the net under them."""
    wake.awake()
    if not drain(seconds=_SECONDS).finished:
        wake.wake()


@periodic(seconds=3_600)
def extend_log(**_unknown: Any) -> None:
    """Make the log's monthly parts ahead of time."""
    ensure_months(now=clock.now())
