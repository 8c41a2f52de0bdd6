"""The log's parts: a table a month, made ahead of time; the default part catches what finds none."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from django.db import connection, transaction
from psycopg import sql

_PREFIX = "event_log_"
_DEFAULT = "event_log_default"
_PATIENCE = "3s"


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """A part of the log: from its first moment to just before ``until``."""

    start: datetime
    until: datetime

    @property
    def table(self) -> str:
        return f"{_PREFIX}{self.start:%Y_%m}"


def month_of(moment: datetime) -> Month:
    """The month (UTC) that a moment is in."""
    start = moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    return Month(start=start, until=following)


def months_from(moment: datetime) -> Iterator[Month]:
    """That month and every later one."""
    while True:
        month = month_of(moment)
        yield month
        moment = month.until


def present_months() -> list[Month]:
    """The parts that exist, oldest first, without the default one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'event_log'::regclass"
        )
        names = sorted(name for (name,) in cursor.fetchall() if name != _DEFAULT)
    return [
        month_of(datetime.strptime(name, f"{_PREFIX}%Y_%m").replace(tzinfo=UTC)) for name in names
    ]


def ensure_months(*, now: datetime, ahead: int = 3) -> list[str]:
    """Make the parts of this month and of those ahead; returns the tables made."""
    present = {month.table for month in present_months()}
    missing = [month for month in islice(months_from(now), ahead + 1) if month.table not in present]
    for month in missing:
        _make(month)
    return [month.table for month in missing]


@transaction.atomic
def _make(month: Month) -> None:
    """Rows of the month that the default part caught move with it."""
    bounds = [month.start, month.until]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_PATIENCE])
        cursor.execute(f"LOCK TABLE {_DEFAULT} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(f"CREATE TABLE {month.table} (LIKE event_log INCLUDING DEFAULTS)")
        # The rows move as they are: the one change that the log's guard has to let pass.
        cursor.execute(f"ALTER TABLE {_DEFAULT} DISABLE TRIGGER USER")
        cursor.execute(
            f"WITH caught AS (DELETE FROM {_DEFAULT} WHERE recorded_at >= %s AND recorded_at < %s RETURNING *)"  # noqa: S608  # a name of ours
            f" INSERT INTO {month.table} SELECT * FROM caught",
            bounds,
        )
        start, until = (
            sql.quote(moment.isoformat()) for moment in bounds
        )  # DDL takes no parameters
        cursor.execute(
            f"ALTER TABLE event_log ATTACH PARTITION {month.table}"
            f" FOR VALUES FROM ({start}) TO ({until})"
        )
        cursor.execute(f"ALTER TABLE {_DEFAULT} ENABLE TRIGGER USER")
        cursor.execute("SET LOCAL lock_timeout = DEFAULT")
