"""A log line says who and what it is about, and is one JSON object."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import structlog

from ecommerce import context
from ecommerce.operations.logs import configure

USER = UUID("01937a1e-3b1c-7c4e-9d1a-5f0e6a7b8c9d")


@pytest.fixture
def lines() -> Iterator[Any]:
    configure({"level": "INFO", "format": "json"})
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    screen = handler.setStream(io.StringIO())

    def read() -> list[dict[str, Any]]:
        assert isinstance(handler.stream, io.StringIO)
        return [json.loads(line) for line in handler.stream.getvalue().splitlines()]

    yield read
    handler.setStream(screen)


def test_a_line_carries_the_context_of_its_work(lines: Any) -> None:
    with context.bind(correlation_id="c-1", trace_id="a" * 32, user_id=USER):
        structlog.get_logger("shop.test").info("order_placed", order_id="o-1")

    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "order_placed",
        "order_id": "o-1",
        "level": "info",
        "logger": "shop.test",
        "correlation_id": "c-1",
        "trace_id": "a" * 32,
        "user_id": str(USER),
    }


def test_the_libraries_lines_look_the_same_and_are_masked_too(lines: Any) -> None:
    logging.getLogger("some.library").warning(
        "sent to %s", "ada@example.com", extra={"password": "hunter2"}
    )

    (line,) = lines()
    assert (line["event"], line["password"]) == ("sent to [masked]", "[masked]")
    assert (line["level"], line["logger"]) == ("warning", "some.library")


def test_the_text_of_an_exception_is_masked(lines: Any) -> None:
    try:
        raise ValueError("no such customer: ada@example.com")
    except ValueError:
        structlog.get_logger("shop.test").exception("lookup_failed")

    (line,) = lines()
    assert "ValueError: no such customer: [masked]" in line["exception"]
    assert "ada@example.com" not in json.dumps(line)
