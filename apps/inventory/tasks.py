"""What inventory does by itself, again and again."""

import logging
from typing import Any

from apps.inventory import services
from apps.inventory.types import ProposeReplenishment
from ecommerce import clock
from ecommerce.jobs import JobContext, job
from ecommerce.jobs.services import start_job
from ecommerce.periodic import periodic

BATCHES = 20
DAY_SECONDS = 24 * 3600
log = logging.getLogger(__name__)


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


@periodic(seconds=30)
def mail_purchase_orders(**_: Any) -> int:
    """Bring purchase orders to their suppliers, again where the mail server would not have them."""
    return services.mail_purchase_orders(now=clock.now())


@periodic(seconds=3_600)
def snapshot_value(**_: Any) -> int:
    """Keep what stock was worth at the end of the last month, so that valuations are quick."""
    return services.snapshot_value(now=clock.now())


@periodic(seconds=DAY_SECONDS)
def forecast_demand(**_: Any) -> None:
    """Start the day's forecast; where the library is missing, say so loudly and leave it."""
    if not services.forecasting_installed():
        log.warning("demand is not forecast: install requirements/forecast.txt")
        return
    start_job(kind="inventory.forecast_demand", owner_id=None)


@job("inventory.forecast_demand")
def run_forecast(context: JobContext) -> None:
    """Forecast all that sells, in batches; then propose what to buy."""
    services.run_forecasts(context, now=clock.now())
    services.start_proposals(ProposeReplenishment(), owner_id=context.owner_id)


@job("inventory.propose_replenishment")
def run_proposals(context: JobContext) -> None:
    """Propose what to buy of the whole assortment."""
    services.run_proposals(context, now=clock.now())


@periodic(seconds=2)
def route_allocations(**_: Any) -> int:
    """Decide where paid orders are sent from."""
    return services.route_allocations(now=clock.now())


@periodic(seconds=5)
def call_warehouses(**_: Any) -> int:
    """Tell warehouses what they are to do, and hear again what could not be applied."""
    now = clock.now()
    services.apply_messages(now=now)
    return services.call_warehouses(now=now)


@periodic(seconds=15)
def read_warehouse_files(**_: Any) -> int:
    """Read what warehouses that work by files have put down."""
    return services.read_dropped_files(now=clock.now())


@periodic(seconds=300)
def ask_after_warehouse_tasks(**_: Any) -> int:
    """Ask warehouses what became of tasks of which they have said nothing for long."""
    return services.ask_after_tasks(now=clock.now())


@periodic(seconds=3_600)
def compare_warehouse_stock(**_: Any) -> int:
    """Ask warehouses what lies there, each once a day."""
    return services.compare_all_stock(now=clock.now())
