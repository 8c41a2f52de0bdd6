"""What search does by the clock."""

from typing import Any

from apps.search import services
from ecommerce.clock import now
from ecommerce.periodic import periodic


@periodic(seconds=60)
def turn_prices(**_: Any) -> None:
    """Scheduled prices begin and end by themselves: list their products anew."""
    services.turn_prices(now=now())
