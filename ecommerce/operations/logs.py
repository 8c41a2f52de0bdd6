"""One JSON object a line on standard error, ours and the libraries' alike, with who and what it is about."""

import logging
import logging.config
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog

from ecommerce import context
from ecommerce.operations.masking import mask

QUIET = {
    "celery.app.trace": "WARNING",
    "celery.worker.strategy": "WARNING",
    "celery.beat": "WARNING",
    "django.request": "ERROR",
    "django.security.DisallowedHost": "CRITICAL",
    "httpx": "WARNING",
    "httpcore": "WARNING",
    "PIL": "INFO",
}
KEPT = frozenset(
    (
        *("level", "logger", "timestamp", "event_type", "request_id", "trace_id", "task_id"),
        *("method", "route", "status", "milliseconds"),
    )
)
"""What we make ourselves: nobody's secret can be in it."""


def configure(settings: MutableMapping[str, Any]) -> None:
    """Django's LOGGING_CONFIG: ``settings`` is LOGGING, with ``level`` and ``format`` (json, console)."""
    told: list[Any] = [
        structlog.contextvars.merge_contextvars,
        add_work_context,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    written: list[Any] = [mask_entry, _renderer(settings["format"])]
    structlog.configure(
        processors=[*told, *written],
        wrapper_class=structlog.make_filtering_bound_logger(settings["level"]),
        logger_factory=_Lines,
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [*told, structlog.stdlib.ExtraAdder()],
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *written],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"shop": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "shop"}},
            "root": {"handlers": ["stderr"], "level": settings["level"]},
            "loggers": {name: {"level": level} for name, level in QUIET.items()},
        }
    )


class _Lines:
    """Where our own lines go: what libraries log through, but not by way of ``logging``, which costs more."""

    def __init__(self, name: str = "shop") -> None:
        self.name = name

    def write(self, line: str) -> None:
        for handler in logging.getLogger().handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.acquire()
                try:
                    handler.stream.write(line + handler.terminator)
                    handler.flush()
                finally:
                    handler.release()

    debug = info = warning = error = critical = exception = write


def add_work_context(
    logger: Any, method: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Say which request, chain of work, trace and user a line belongs to."""
    work = context.current()
    for name, value in (
        ("request_id", work.request_id),
        ("correlation_id", work.correlation_id),
        ("causation_id", work.causation_id),
        ("trace_id", work.trace_id),
        ("user_id", str(work.user_id) if work.user_id else None),
    ):
        if value is not None:
            entry.setdefault(name, value)
    return entry


def mask_entry(
    logger: Any, method: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The last step before a line is written: nothing personal, nothing secret."""
    return {key: value if key in KEPT else mask(value, key) for key, value in entry.items()}


def _renderer(form: str) -> Any:
    if form == "console":
        return structlog.dev.ConsoleRenderer(colors=False)
    return structlog.processors.JSONRenderer(serializer=_dump)


def _dump(entry: Any, **_: Any) -> str:
    return orjson.dumps(entry, default=repr).decode()
