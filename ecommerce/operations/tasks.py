"""The workers' sign of life."""

from typing import Any

from ecommerce import clock
from ecommerce.operations import health
from ecommerce.periodic import periodic


@periodic(seconds=health.HEARTBEAT_SECONDS)
def heartbeat(**_unknown: Any) -> None:
    """Say that beat, the broker and a worker are all there."""
    health.beat(clock.now())
