"""What Prometheus is told of the event spine: read from the tables when it asks, so true for every process."""

from ecommerce import clock
from ecommerce.events.watching import consumer_statuses, spine_status
from ecommerce.operations.metrics import Samples, measured


@measured(
    "event_consumer_lag_events", "Events that a consumer has not read yet.", labels=("consumer",)
)
def lag_events() -> Samples:
    return {(status.name,): status.lag_events for status in consumer_statuses(now=clock.now())}


@measured(
    "event_consumer_lag_seconds", "Age of the oldest event not read yet.", labels=("consumer",)
)
def lag_seconds() -> Samples:
    return {(status.name,): status.lag_seconds for status in consumer_statuses(now=clock.now())}


@measured(
    "event_consumer_handled",
    "Events handled since the beginning: its rate is the throughput.",
    labels=("consumer",),
)
def handled() -> Samples:
    return {(status.name,): status.handled for status in consumer_statuses(now=clock.now())}


@measured(
    "event_consumer_parked", "Events that failed or wait behind one that did.", labels=("consumer",)
)
def parked() -> Samples:
    return {(status.name,): status.parked for status in consumer_statuses(now=clock.now())}


@measured("event_dead_letters", "Dead letters that nobody has dealt with.", labels=("consumer",))
def dead_letters() -> Samples:
    return {(status.name,): status.dead_letters for status in consumer_statuses(now=clock.now())}


@measured("event_outbox_depth", "Events told but not in the log yet.")
def outbox_depth() -> Samples:
    return {(): spine_status(now=clock.now()).outbox_events}


@measured("event_outbox_age_seconds", "Age of the oldest event that is not in the log yet.")
def outbox_age() -> Samples:
    return {(): spine_status(now=clock.now()).outbox_seconds}


@measured("event_log_position", "Events sequenced since the beginning: its rate is the throughput.")
def log_position() -> Samples:
    return {(): spine_status(now=clock.now()).position}
