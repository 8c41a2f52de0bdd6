"""A task runs in the context of the request that started it."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from prometheus_client import REGISTRY

from ecommerce import context
from ecommerce.operations import work

USER = UUID("01937a1e-3b1c-7c4e-9d1a-5f0e6a7b8c9d")


def run(headers: dict[str, Any], state: str = "SUCCESS") -> context.WorkContext:
    """What a worker's task sees that was sent with these headers."""
    task: Any = SimpleNamespace(name="test.task", request=SimpleNamespace(**headers))
    work.enter(task_id="t-1", task=task)
    seen = context.current()
    work.leave(task_id="t-1", task=task, state=state)
    return seen


def test_correlation_trace_and_user_travel_with_a_task() -> None:
    headers: dict[str, Any] = {}
    with context.bind(correlation_id="c-1", trace_id="a" * 32, user_id=USER) as sent:
        work.hand_on(headers)

    assert run(headers) == sent
    assert context.current() == context.WorkContext()


def test_a_task_that_beat_sends_has_a_context_of_its_own() -> None:
    assert run({}) == context.WorkContext()


def test_tasks_are_counted_by_their_outcome() -> None:
    labels = {"task": "test.task", "outcome": "failure"}
    before = REGISTRY.get_sample_value("tasks_total", labels) or 0

    run({}, state="FAILURE")

    assert REGISTRY.get_sample_value("tasks_total", labels) == before + 1
