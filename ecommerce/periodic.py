"""Work that beat starts again and again: declared where the task is, not in a central list."""

from collections.abc import Callable
from typing import Any

from celery import Task, shared_task

SCHEDULE: dict[str, dict[str, Any]] = {}
"""Celery's beat_schedule; config/celery.py hands it over as it stands."""


def periodic(*, seconds: float) -> Callable[[Callable[..., Any]], Task[..., Any]]:
    """Make a function of a tasks module a Celery task that beat sends every so many seconds.

    A run that no worker took up before the next one is due is dropped, so a shop whose workers were
    down for an hour does not sweep 3,600 times when they come back.
    """

    def declare(function: Callable[..., Any]) -> Task[..., Any]:
        task: Task[..., Any] = shared_task(ignore_result=True)(function)
        name = f"{function.__module__}.{function.__name__}"
        SCHEDULE[name] = {"task": name, "schedule": seconds, "options": {"expires": seconds}}
        return task

    return declare
