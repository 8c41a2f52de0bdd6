"""Can this process serve, and is what it stands on well?

``down`` means that requests would fail: the database cannot be used. ``degraded`` means that the shop
sells, but something waits: without Valkey there are no caches, limits or wake-ups, without workers the
events of sales stay in the outbox until some come back. A load balancer takes a process out for the
first only; people are called for both.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django_redis import get_redis_connection

from ecommerce import clock

OK = "ok"
DEGRADED = "degraded"
DOWN = "down"
HEARTBEAT = "shop:heartbeat"
HEARTBEAT_SECONDS = 2
SILENT_AFTER = timedelta(seconds=15)
LATE_AFTER_SECONDS = 30

_migrated = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """How one dependency is."""

    status: str
    detail: str = ""
    milliseconds: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """How all of them are, and what follows."""

    status: str
    checks: dict[str, Check]


def readiness() -> Health:
    """Ask every dependency, in the order in which they matter."""
    checks = {"postgres": _timed(_postgres), "migrations": _timed(_migrations)}
    checks["valkey"] = _timed(_valkey)
    # A Valkey that hangs is waited for once.
    checks["workers"] = _timed(_workers if checks["valkey"].status == OK else _unknown_workers)
    checks["events"] = _timed(_events)
    checks["dead_letters"] = _timed(_dead_letters)
    found = {check.status for check in checks.values()}
    return Health(
        status=DOWN if DOWN in found else DEGRADED if DEGRADED in found else OK, checks=checks
    )


def beat(now: datetime) -> None:
    """A worker says that it lives: beat sent the task, the broker carried it, a worker ran it."""
    get_redis_connection("default").set(HEARTBEAT, now.isoformat(), ex=3600)


def _timed(check: Callable[[], Check]) -> Check:
    started = time.perf_counter()
    result = check()
    spent = round((time.perf_counter() - started) * 1000, 1)
    return Check(status=result.status, detail=result.detail, milliseconds=spent)


def _postgres() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        connection.close()
        return Check(status=DOWN, detail=type(error).__name__)
    return Check(status=OK)


def _migrations() -> Check:
    """Applied migrations stay applied while we run, so the answer is looked up until it is yes."""
    global _migrated
    if _migrated:
        return Check(status=OK)
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return Check(status=DOWN, detail=type(error).__name__)
    if missing:
        return Check(status=DOWN, detail=f"{len(missing)} not applied: run manage.py migrate")
    _migrated = True
    return Check(status=OK)


def _valkey() -> Check:
    try:
        get_redis_connection("default").ping()
    except redis.RedisError as error:
        return Check(status=DEGRADED, detail=type(error).__name__)
    return Check(status=OK)


def _unknown_workers() -> Check:
    return Check(status=DEGRADED, detail="unknown: no valkey")


def _workers() -> Check:
    try:
        last = get_redis_connection("default").get(HEARTBEAT)
    except redis.RedisError:
        return _unknown_workers()
    if last is None:
        return Check(status=DEGRADED, detail="no heartbeat yet: are a worker and beat running?")
    silent = clock.now() - datetime.fromisoformat(last.decode())
    if silent > SILENT_AFTER:
        return Check(status=DEGRADED, detail=f"silent for {silent.total_seconds():.0f} s")
    return Check(status=OK)


def _events() -> Check:
    """How long the oldest event has been waiting to be carried on."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM now() - min(occurred_at)) FROM outbox")
            waiting = float(cursor.fetchone()[0] or 0)
    except DatabaseError as error:
        return Check(status=DEGRADED, detail=type(error).__name__)
    if waiting > LATE_AFTER_SECONDS:
        return Check(status=DEGRADED, detail=f"the oldest event waits for {waiting:.0f} s")
    return Check(status=OK)


def _dead_letters() -> Check:
    """Events that failed for good hold back those of their key until somebody looks."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM dead_letter WHERE status = 'open'")
            waiting = int(cursor.fetchone()[0])
    except DatabaseError as error:
        return Check(status=DEGRADED, detail=type(error).__name__)
    if waiting:
        return Check(status=DEGRADED, detail=f"{waiting}: see manage.py dead_letters list")
    return Check(status=OK)
