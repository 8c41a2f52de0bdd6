"""The one place that reads the clock. Only edges call it; services are told what time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
