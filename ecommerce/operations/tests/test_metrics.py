"""Counters that tell the truth about what was committed, and ratios that follow from them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import transaction
from prometheus_client import REGISTRY, Counter

from ecommerce.operations import metrics
from ecommerce.operations.metrics import PRODUCT_CACHE, after_commit, exposition, measured

REPOSITORY = Path(__file__).resolve().parents[3]
SEEDS = (
    "orders_created_total",
    "order_creation_latency_ms",
    "inventory_reservation_failures_total",
    "webhook_retry_attempts_total",
    "product_cache_hit_ratio",
)


@pytest.fixture
def counter() -> Counter:
    return Counter("test_things_total", "Things.", registry=None)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_counted(counter: Counter) -> None:
    with transaction.atomic():
        after_commit(counter)
        transaction.set_rollback(True)
    with transaction.atomic():
        after_commit(counter)

    (family,) = counter.collect()
    assert family.samples[0].value == 1


@pytest.mark.django_db
def test_the_names_that_dashboards_ask_for_are_there() -> None:
    text = exposition().decode()

    for name in SEEDS:
        assert f"# TYPE {name} " in text


@pytest.mark.django_db
def test_the_hit_ratio_is_hits_among_all_questions() -> None:
    PRODUCT_CACHE.clear()
    PRODUCT_CACHE.labels("hit").inc(3)
    PRODUCT_CACHE.labels("miss").inc(1)

    assert "product_cache_hit_ratio 0.75\n" in exposition().decode()


@pytest.mark.django_db
def test_a_measured_figure_is_read_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_measured", {})
    figures: dict[tuple[str, ...], float] = {("main",): 5.0}
    measured("test_stock", "Units.", labels=("location",))(lambda: figures)

    assert 'test_stock{location="main"} 5.0' in exposition().decode()
    figures[("main",)] = 4.0
    assert 'test_stock{location="main"} 4.0' in exposition().decode()


def test_several_processes_are_counted_together(tmp_path: Path) -> None:
    code = (
        "import django; from django.conf import settings; settings.configure(); django.setup()\n"
        "from ecommerce.operations.metrics import ORDERS_CREATED, PRODUCT_CACHE, exposition\n"
        "ORDERS_CREATED.inc(2); PRODUCT_CACHE.labels('hit').inc()\n"
        "print(exposition().decode())"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=REPOSITORY,
            env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "LOGGING_CONFIG": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    ]

    assert "orders_created_total 2.0" in told[0]
    assert "orders_created_total 4.0" in told[1]
    assert "product_cache_hit_ratio 1.0" in told[1]
    assert REGISTRY.get_sample_value("orders_created_total") != 4.0
