"""What is counted and measured, under the names that dashboards ask for.

Rooms import a metric and use it: ``ORDERS_CREATED.inc()`` where nothing can be rolled back any more,
``after_commit(ORDERS_CREATED)`` inside a transaction. A figure that lives in a table is declared with
``@measured`` and read when it is asked for.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

import structlog
from django.db import DatabaseError, transaction
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

logger = structlog.get_logger(__name__)
MILLISECONDS = (5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000)
SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

HTTP_REQUESTS = Counter(
    "http_requests_total", "Requests answered.", ("method", "route", "status_code")
)
HTTP_DURATION = Histogram(
    "http_request_duration_seconds",
    "From the first byte in to the answer ready.",
    ("method", "route"),
    buckets=SECONDS,
)
GRPC_REQUESTS = Counter("grpc_requests_total", "gRPC calls answered.", ("method", "code"))
GRPC_DURATION = Histogram(
    "grpc_request_duration_seconds",
    "From a thread that takes the call up to the answer ready.",
    ("method",),
    buckets=SECONDS,
)
ORDERS_CREATED = Counter("orders_created_total", "Orders placed.")
ORDER_CREATION_LATENCY = Histogram(
    "order_creation_latency_ms",
    "From the confirmation of a checkout to its order paid.",
    buckets=MILLISECONDS,
)
RESERVATION_FAILURES = Counter(
    "inventory_reservation_failures_total", "Reservations refused.", ("reason",)
)
RESERVATIONS_CREATED = Counter("inventory_reservations_created_total", "Reservations made.")
RESERVATIONS_EXPIRED = Counter(
    "inventory_reservations_expired_total", "Reservations given back because their time was over."
)
DEVICE_MESSAGES = Counter(
    "device_messages_total", "What devices told, by what became of it.", ("outcome",)
)
DEVICE_MESSAGES_UNTOLD = Counter(
    "device_messages_untold_total",
    "Messages applied without an id or a time: a device's own repeat of one counts again.",
)
WEBHOOK_RETRIES = Counter(
    "webhook_retry_attempts_total", "Webhooks in the inbox taken up again after a failure."
)
PRODUCT_CACHE = Counter(
    "product_cache_requests_total",
    "Product pages asked for: a hit where the asker's own copy (If-None-Match) was still right.",
    ("outcome",),
)
PAYMENT_ATTEMPTS = Counter(
    "payment_attempts_total", "Answers of payment providers.", ("operation", "outcome")
)
CART_ADDITIONS = Counter("cart_additions_total", "Lines put into carts.")
TASKS = Counter("tasks_total", "Celery tasks run.", ("task", "outcome"))
TASK_DURATION = Histogram(
    "task_duration_seconds", "Time that Celery tasks took.", ("task",), buckets=SECONDS
)

Samples = Mapping[tuple[str, ...], float]
_measured: dict[str, tuple[str, tuple[str, ...], Callable[[], Samples]]] = {}


def after_commit(counter: Counter, times: int = 1) -> None:
    """Count once the surrounding transaction has happened; never if it is rolled back."""
    transaction.on_commit(partial(counter.inc, times), robust=True)


def measured(
    name: str, meaning: str, *, labels: tuple[str, ...] = ()
) -> Callable[[Callable[[], Samples]], Callable[[], Samples]]:
    """Declare a gauge whose values are read when someone asks: ``{(label values): number}``."""

    def declare(read: Callable[[], Samples]) -> Callable[[], Samples]:
        _measured[name] = (meaning, labels, read)
        return read

    return declare


def exposition() -> bytes:
    """Everything in Prometheus' text format, from all processes of this machine."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counted: Collector = MultiProcessCollector(registry=None)  # type: ignore[no-untyped-call]  # the package leaves it untyped
    else:
        counted = REGISTRY
    registry.register(_Everything(counted))
    return generate_latest(registry)


class _Everything(Collector):
    """Counters of the processes, gauges read now, and the ratios that follow from them."""

    def __init__(self, counted: Collector) -> None:
        self.counted = counted

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        families = list(self.counted.collect())
        yield from families
        yield _hit_ratio(families)
        yield from _read_gauges()


def _hit_ratio(families: Iterable[Metric]) -> Metric:
    """Product pages answered by 304 among all that were asked for; 0 while none was."""
    asked = {"hit": 0.0, "miss": 0.0}
    for family in families:
        for sample in family.samples:
            if sample.name == "product_cache_requests_total":
                asked[sample.labels["outcome"]] += sample.value
    total = sum(asked.values())
    return GaugeMetricFamily(
        "product_cache_hit_ratio",
        "Share of product pages of which the asker had the current copy.",
        value=asked["hit"] / total if total else 0.0,
    )


def _read_gauges() -> Iterator[Metric]:
    for name, (meaning, labels, read) in sorted(_measured.items()):
        family = GaugeMetricFamily(name, meaning, labels=labels)
        try:
            samples = read()
        except DatabaseError:
            logger.exception("gauge_unreadable", gauge=name)
            continue
        for values, number in samples.items():
            family.add_metric(values, number)
        yield family
