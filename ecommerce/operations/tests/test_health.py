"""Health says what is wrong, and calls it down only where requests would fail."""

from datetime import timedelta
from typing import Any

import pytest
import redis
from django.db import connection

from ecommerce import clock
from ecommerce.events.models import DeadLetter, OutboxEntry
from ecommerce.ids import new_id
from ecommerce.operations import health
from ecommerce.testing import JsonClient

pytestmark = pytest.mark.django_db
NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture
def without_valkey(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "get_redis_connection", lambda _: redis.Redis.from_url(NOBODY))


def test_all_is_well_when_every_dependency_is(api: JsonClient) -> None:
    health.beat(clock.now())

    answer = api.get("/health/ready")

    assert answer.status_code == 200
    found = answer.json()
    assert found["status"] == "ok"
    assert {name: check["status"] for name, check in found["checks"].items()} == {
        "postgres": "ok",
        "migrations": "ok",
        "valkey": "ok",
        "workers": "ok",
        "events": "ok",
        "dead_letters": "ok",
    }


def test_without_workers_the_shop_still_sells_and_says_so(api: JsonClient) -> None:
    answer = api.get("/health/ready")

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert "are a worker and beat running?" in answer.json()["checks"]["workers"]["detail"]


def test_a_worker_that_fell_silent_is_noticed() -> None:
    health.beat(clock.now() - timedelta(seconds=20))

    assert health.readiness().checks["workers"].detail == "silent for 20 s"


@pytest.mark.usefixtures("without_valkey")
def test_without_valkey_the_shop_is_degraded_and_not_down(api: JsonClient) -> None:
    answer = api.get("/health/ready")

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["valkey"]["detail"] == "ConnectionError"
    assert answer.json()["checks"]["workers"]["detail"] == "unknown: no valkey"


def test_a_valkey_that_hangs_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def hanging(name: str) -> None:
        asked.append(name)
        raise redis.TimeoutError

    monkeypatch.setattr(health, "get_redis_connection", hanging)

    assert health.readiness().checks["workers"].detail == "unknown: no valkey"
    assert len(asked) == 1


def test_an_event_that_nobody_carries_on_is_noticed() -> None:
    OutboxEntry.objects.create(
        event_id=new_id(),
        event_type="ecommerce.tests.thing.happened.v1",
        occurred_at=clock.now() - timedelta(seconds=45),
        producer="tests",
        correlation_id="c-1",
        trace_id="",
        traceparent="",
        schema_version=1,
        partition_key="k",
        partition=0,
        payload={},
    )

    assert health.readiness().checks["events"].detail == "the oldest event waits for 45 s"


def test_a_dead_letter_is_told_until_somebody_has_dealt_with_it(api: JsonClient) -> None:
    letter = DeadLetter.objects.create(
        consumer="tests.nobody",
        partition=0,
        partition_key="k",
        position=1,
        event_id=new_id(),
        event_type="ecommerce.tests.thing.happened.v1",
        attempts=5,
        error="ValueError",
        traceback="",
        died_at=clock.now(),
    )

    answer = api.get("/health/ready")
    DeadLetter.objects.filter(id=letter.id).update(status="discarded", settled_at=clock.now())

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["dead_letters"]["detail"].startswith("1: see manage.py")
    assert health.readiness().checks["dead_letters"].status == "ok"


def test_a_database_that_does_not_answer_is_down(
    api: JsonClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_postgres", lambda: health.Check(status=health.DOWN))

    answer = api.get("/health/ready")

    assert (answer.status_code, answer.json()["status"]) == (503, "down")
    assert api.get("/health/live").status_code == 200


def test_a_migration_that_is_missing_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'flags'")

    missing = health.readiness()

    assert missing.status == "down"
    assert "not applied: run manage.py migrate" in missing.checks["migrations"].detail
