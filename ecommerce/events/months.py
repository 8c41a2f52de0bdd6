"""The log's parts: a table a month, made ahead of time."""

from datetime import datetime

from ecommerce.monthly import Month, MonthlyTable

__all__ = ["Month", "ensure_months", "month_of", "present_months"]

_LOG = MonthlyTable(name="event_log", column="recorded_at")


def month_of(moment: datetime) -> Month:
    """The month (UTC) that a moment is in."""
    return _LOG.month_of(moment)


def present_months() -> list[Month]:
    """The parts that exist, oldest first, without the default one."""
    return _LOG.present()


def ensure_months(*, now: datetime, ahead: int = 3) -> list[str]:
    """Make the parts of this month and of those ahead; returns the tables made."""
    return _LOG.ensure(now=now, ahead=ahead)
