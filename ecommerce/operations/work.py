"""Carries the context of a request into the Celery tasks that it starts, and counts those tasks."""

import time
from contextlib import ExitStack
from typing import Any
from uuid import UUID

import structlog
from celery import signals

from ecommerce import context
from ecommerce.operations import tracing
from ecommerce.operations.metrics import TASK_DURATION, TASKS

logger = structlog.get_logger("shop.task")
HEADER = "shop_context"
_running: dict[str, tuple[ExitStack, float]] = {}


def connect() -> None:
    """Listen to Celery; called once, when the apps are ready."""
    signals.before_task_publish.connect(hand_on, weak=False, dispatch_uid="shop.hand_on")
    signals.task_prerun.connect(enter, weak=False, dispatch_uid="shop.enter")
    signals.task_postrun.connect(leave, weak=False, dispatch_uid="shop.leave")


def hand_on(headers: dict[str, Any], **_: Any) -> None:
    """Put what is known of the present work beside the task."""
    work = context.current()
    known = {
        "correlation_id": work.correlation_id,
        "causation_id": work.causation_id,
        "trace_id": work.trace_id,
        "traceparent": work.traceparent,
        "user_id": str(work.user_id) if work.user_id else None,
    }
    headers[HEADER] = {name: value for name, value in known.items() if value is not None}


def enter(task_id: str, task: Any, **_: Any) -> None:
    """Take it up again before the task runs."""
    known = dict(getattr(task.request, HEADER, None) or {})
    if known.get("user_id"):
        known["user_id"] = UUID(known["user_id"])
    stack = ExitStack()
    stack.enter_context(context.bind(**{**known, **tracing.present()}))
    stack.enter_context(structlog.contextvars.bound_contextvars(task_id=task_id, task=task.name))
    _running[task_id] = (stack, time.perf_counter())


def leave(task_id: str, task: Any, state: str | None = None, **_: Any) -> None:
    """Count the task and forget its context."""
    stack, started = _running.pop(task_id, (ExitStack(), time.perf_counter()))
    seconds = time.perf_counter() - started
    TASKS.labels(task.name, (state or "unknown").lower()).inc()
    TASK_DURATION.labels(task.name).observe(seconds)
    if state == "FAILURE":
        logger.error("task_failed", milliseconds=round(seconds * 1000, 1))
    stack.close()
