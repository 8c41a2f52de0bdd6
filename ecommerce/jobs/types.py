"""What is told of a job."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

QUEUED = "QUEUED"
RUNNING = "RUNNING"
SUCCEEDED = "SUCCEEDED"
FAILED = "FAILED"
CANCELLED = "CANCELLED"
STATES = (QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED)
FINISHED = frozenset({SUCCEEDED, FAILED, CANCELLED})


@dataclass(frozen=True, kw_only=True, slots=True)
class JobView:
    """A job as it stands. ``done`` counts rows, the ``refused`` ones among them."""

    id: UUID
    kind: str
    state: str
    owner_id: UUID | None
    params: Mapping[str, Any]
    total: int | None
    done: int
    refused: int
    cancel_requested: bool
    error_code: str
    error_detail: str
    result_name: str
    created_at: datetime
    started_at: datetime | None
    heartbeat_at: datetime | None
    finished_at: datetime | None

    @property
    def percent(self) -> float | None:
        """How much is done, 0 to 100; unknown where the total is."""
        if self.state == SUCCEEDED:
            return 100.0
        if not self.total:
            return None
        return round(min(100.0, 100 * self.done / self.total), 1)

    @property
    def rows_per_second(self) -> float | None:
        """Rows done a second since the start, standstills included."""
        until = self.finished_at or self.heartbeat_at
        if self.started_at is None or until is None or until <= self.started_at:
            return None
        return round(self.done / (until - self.started_at).total_seconds(), 1)

    @property
    def has_result(self) -> bool:
        return bool(self.result_name)


@dataclass(frozen=True, kw_only=True, slots=True)
class RowError:
    """One row that was refused, and why."""

    id: int | None = None
    row: int
    pointer: str
    code: str
    detail: str
