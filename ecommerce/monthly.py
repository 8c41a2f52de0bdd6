"""Tables in parts: one a month by a column of time, made ahead; a default part catches what finds none.

The table, partitioned by range of that column, and its part ``<table>_default`` are a migration's work.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from django.db import connection, transaction
from psycopg import sql

_PATIENCE = "3s"


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """A part of a table: from its first moment to just before ``until``."""

    of: str
    start: datetime
    until: datetime

    @property
    def table(self) -> str:
        return f"{self.of}_{self.start:%Y_%m}"


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthlyTable:
    """A partitioned table. ``guard_truncate``: each part refuses TRUNCATE by itself, as its whole does."""

    name: str
    column: str
    guard_truncate: bool = False

    @property
    def default(self) -> str:
        return f"{self.name}_default"

    def month_of(self, moment: datetime) -> Month:
        """The month (UTC) that a moment is in."""
        start = moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        following = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
        return Month(of=self.name, start=start, until=following)

    def months_from(self, moment: datetime) -> Iterator[Month]:
        """That month and every later one."""
        while True:
            month = self.month_of(moment)
            yield month
            moment = month.until

    def present(self) -> list[Month]:
        """The parts that exist, oldest first, without the default one."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass",
                [self.name],
            )
            names = sorted(name for (name,) in cursor.fetchall() if name != self.default)
        return [
            self.month_of(datetime.strptime(name, f"{self.name}_%Y_%m").replace(tzinfo=UTC))
            for name in names
        ]

    def ensure(self, *, now: datetime, ahead: int = 3) -> list[str]:
        """Make the parts of this month and of those ahead; returns the tables made."""
        there = {month.table for month in self.present()}
        wanted = islice(self.months_from(now), ahead + 1)
        missing = [month for month in wanted if month.table not in there]
        for month in missing:
            self._make(month)
        return [month.table for month in missing]

    def ensure_between(self, first: datetime, last: datetime) -> None:
        """Make the parts of every month that a span of time touches."""
        until = self.month_of(last).until
        months = 0
        for month in self.months_from(first):
            if month.start >= until:
                break
            months += 1
        self.ensure(now=first, ahead=months - 1)

    @transaction.atomic
    def _make(self, month: Month) -> None:
        """Rows of the month that the default part caught move with it."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_PATIENCE])
            cursor.execute(f"LOCK TABLE {self.default} IN ACCESS EXCLUSIVE MODE")
            cursor.execute(
                f"CREATE TABLE {month.table}"
                f" (LIKE {self.name} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
            )
        self._move_caught(month)
        with connection.cursor() as cursor:
            bounds = [month.start, month.until]  # DDL takes no parameters
            start, until = (sql.quote(moment.isoformat()) for moment in bounds)
            cursor.execute(
                f"ALTER TABLE {self.name} ATTACH PARTITION {month.table}"
                f" FOR VALUES FROM ({start}) TO ({until})"
            )
            if self.guard_truncate:
                cursor.execute(
                    f"CREATE TRIGGER {month.table}_no_truncate BEFORE TRUNCATE ON {month.table}"
                    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
                )
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")

    def _move_caught(self, month: Month) -> None:
        """The rows move as they are: the one change that a guard of the table has to let pass."""
        within = f"{self.column} >= %s AND {self.column} < %s"
        bounds = [month.start, month.until]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT EXISTS (SELECT FROM {self.default} WHERE {within})",  # noqa: S608  # names of ours
                bounds,
            )
            if not cursor.fetchone()[0]:
                return
            cursor.execute(f"ALTER TABLE {self.default} DISABLE TRIGGER USER")
            cursor.execute(
                f"WITH caught AS (DELETE FROM {self.default} WHERE {within} RETURNING *)"  # noqa: S608  # likewise
                f" INSERT INTO {month.table} SELECT * FROM caught",
                bounds,
            )
            cursor.execute(f"ALTER TABLE {self.default} ENABLE TRIGGER USER")
