"""What a running job may use: its input, its checkpoint, its progress, its result."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from ecommerce.clock import now
from ecommerce.jobs.errors import JobCancelled, JobLost
from ecommerce.jobs.types import RowError

if TYPE_CHECKING:
    from ecommerce.jobs.models import Job

MAX_ROW_ERRORS = 10_000
"""How many refused rows of a job are kept with their reasons."""


class JobContext:
    """One run of a job, from its last checkpoint on.

    Rows are applied exactly once when their effects and ``advance`` share a transaction::

        for batch in batches(context.open_input(), start=context.checkpoint.get("row", 0)):
            with transaction.atomic():
                apply(batch)
                context.advance(batch.end, checkpoint={"row": batch.end})
    """

    def __init__(self, job: "Job") -> None:
        self.job_id: UUID = job.id
        self.kind: str = job.kind
        self.owner_id: UUID | None = job.owner_id
        self.params: Mapping[str, Any] = job.params
        self.input_name: str = job.input_name
        self.result_name: str = job.result_name
        self.checkpoint: dict[str, Any] = dict(job.checkpoint)
        self.done: int = job.done
        self.refused: int = job.refused
        self.total: int | None = job.total
        self.cancelled = job.cancel_requested
        self._run = job.run
        self._refusals: list[RowError] = []

    @property
    def run_number(self) -> int:
        """How often the job was taken up, this run included."""
        return self._run

    @property
    def has_refusals(self) -> bool:
        """Are there refused rows that no ``advance`` has recorded yet?"""
        return bool(self._refusals)

    def open_input(self) -> IO[bytes]:
        """The file that the job was started with."""
        return default_storage.open(self.input_name, "rb")

    def row_error(self, *, row: int, detail: str, pointer: str = "", code: str = "invalid") -> None:
        """Refuse a row; recorded with the next ``advance``."""
        self._refusals.append(RowError(row=row, pointer=pointer, code=code, detail=detail))

    def advance(
        self,
        done: int,
        *,
        total: int | None = None,
        checkpoint: Mapping[str, Any] | None = None,
    ) -> None:
        """Save that ``done`` rows (in all, not since last time) are behind us, refused ones included.

        Raises JobCancelled where the owner asked to stop after the last time, and JobLost where
        another worker has the job now: let both pass, they undo the batch and end the run.
        """
        from ecommerce.jobs import queries

        if self.cancelled:
            raise JobCancelled
        refusals, self._refusals = self._refusals, []
        refused = self.refused + len({refusal.row for refusal in refusals})
        saved = self.checkpoint if checkpoint is None else dict(checkpoint)
        with transaction.atomic():
            kept = refusals[: max(0, MAX_ROW_ERRORS - self.refused)]
            if kept:
                queries.add_row_errors(self.job_id, kept)
            stop = queries.advance(
                self.job_id,
                run=self._run,
                done=done,
                total=total,
                refused=refused,
                checkpoint=saved,
                now=now(),
            )
            if stop is None:
                raise JobLost
        self.done, self.refused, self.checkpoint, self.cancelled = done, refused, saved, stop
        self.total = self.total if total is None else total

    @contextmanager
    def open_result(self, name: str) -> Iterator[IO[bytes]]:
        """Write the result file; it is stored when the block ends well, replacing an earlier one."""
        with tempfile.TemporaryFile() as file:
            yield file
            file.seek(0)
            stored = f"jobs/{self.job_id}/{name}"
            default_storage.delete(stored)
            self.result_name = default_storage.save(stored, File(file, name=name))
