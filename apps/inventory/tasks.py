"""What inventory does by itself, again and again."""

from typing import Any

from apps.inventory import services
from ecommerce import clock
from ecommerce.jobs import JobContext, job
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
    return services.follow_contention(now=clock.now())


@periodic(seconds=60)
def fill_backorders(**_: Any) -> int:
    """The net under the consumer: whoever waits is served though the head of the queue was not to be."""
    return services.fill_backorders()


@periodic(seconds=3_600)
def extend_ledger(**_: Any) -> None:
    """Make the ledger's monthly parts ahead of time."""
    services.extend_ledger(now=clock.now())


@periodic(seconds=10)
def seal_ledger(**_: Any) -> None:
    """Seal the movements that were committed since the last time."""
    services.seal_ledger(now=clock.now())


@periodic(seconds=3_600)
def withdraw_expired_lots(**_: Any) -> None:
    """Take lots that expired before today out of what can be sold."""
    services.withdraw_expired(today=clock.now().date())


@periodic(seconds=60)
def look_at_stock(**_: Any) -> int:
    """Look at everything that alert rules watch."""
    return services.look_at_stock(now=clock.now())


@periodic(seconds=10)
def send_alert_messages(**_: Any) -> int:
    """Tell whoever is to be told of alerts."""
    return services.send_alert_messages(now=clock.now())


@periodic(seconds=3_600)
def check_stock(**_: Any) -> None:
    """Look whether the stock adds up, and keep what was found."""
    services.check_stock()


@job("inventory.import_stock")
def import_stock(context: JobContext) -> None:
    """Bring a stock file's rows in."""
    services.run_stock_import(context)
