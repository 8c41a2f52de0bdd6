"""What inventory does by itself, again and again."""

from typing import Any

from apps.inventory import services
from ecommerce.clock import now
from ecommerce.periodic import periodic

BATCHES = 20


@periodic(seconds=60)
def expire_reservations(**_: Any) -> int:
    """Give back what nobody paid for in time, in batches, so that no lock is held for long."""
    given = 0
    for _batch in range(BATCHES):
        expired = services.expire_reservations()
        given += expired
        if not expired:
            break
    return given


@periodic(seconds=1)
def announce_hot(**_: Any) -> int:
    """Tell of hot SKUs what their buyers could not."""
    return services.announce_hot()


@periodic(seconds=10)
def follow_contention(**_: Any) -> int:
    """Count SKUs that buyers queue for on stripes, and those that cooled down plainly again."""
    return services.follow_contention(now=now())


@periodic(seconds=60)
def fill_backorders(**_: Any) -> int:
    """The net under the consumer: whoever waits is served though the head of the queue was not to be."""
    return services.fill_backorders()
