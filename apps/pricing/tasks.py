"""What pricing does in the background."""

from apps.pricing import services
from ecommerce import clock
from ecommerce.periodic import periodic

BATCH = 1000


@periodic(seconds=30)
def announce_begun_prices(**_: object) -> None:
    """Tell of scheduled prices whose time has come."""
    while services.announce_begun_prices(now=clock.now(), limit=BATCH) == BATCH:
        pass
