"""An import from its first row to its last: batches, progress, what is told of it."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction

from apps.catalog.domain.importing import lines, shopify
from apps.catalog.domain.importing.incoming import Incoming, Refused, RowFault
from apps.catalog.errors import ImportInvalid
from apps.catalog.events import ImportCompleted, ImportFailed, ImportStarted
from apps.catalog.queries.importing import plan_anew
from apps.catalog.services._import_batch import Counts, apply_batch
from apps.catalog.services._import_categories import CategoryPaths
from apps.catalog.services._import_params import ImportParams
from ecommerce.audit import record
from ecommerce.clock import now
from ecommerce.dimensions import CHANNEL, CURRENCY, LOCATION, MERCHANT, SELLER
from ecommerce.events import publish
from ecommerce.identity import Viewer
from ecommerce.jobs import JobContext
from ecommerce.jobs.types import SUCCEEDED, JobView
from ecommerce.reading_ahead import read_ahead
from ecommerce.steps import reach
from ecommerce.sweeping import sweep, unswept

SHOPIFY_CSV, CSV, JSON_LINES = "shopify-csv", "csv", "jsonl"
FORMATS = (SHOPIFY_CSV, CSV, JSON_LINES)
SWEPT_BATCHES = 8
"""Garbage in cycles, of which there is hardly any, is looked for after so many batches."""
BATCH_PRODUCTS = 2000
BATCH_ROWS = 4000
BATCH_BYTES = 4 * 1024 * 1024
"""A batch ends with whichever is reached first, so that memory depends neither on the file nor on its rows."""

Batch = list[Incoming | RowFault]


def run_import(context: JobContext) -> None:
    """Bring a file's products in, batch by batch, from the job's last checkpoint on.

    A batch, its events, its refused rows and the checkpoint are one transaction, so each row counts
    once whatever dies when. Raises ImportInvalid where the file is not of its format at all.
    """
    params = params_of(context.job_id, context.params)
    saved = context.checkpoint
    if saved.get("completed"):
        return
    counts = Counts(**saved.get("counts", {}))
    paths = CategoryPaths(params.merchant, dry_run=params.dry_run)
    row = int(saved.get("row", 0))
    with unswept(), context.open_input() as file:
        batches = _batches(_refusing(read(file, params)), after_row=row)
        with closing(read_ahead(batches)) as waiting:
            for number, batch in enumerate(waiting, start=1):
                row = _do(batch, context, params, paths, counts)
                if number % SWEPT_BATCHES == 0:
                    sweep()
    _complete(context, params, counts, row)


def read(file: Any, params: ImportParams) -> Iterator[Incoming | RowFault]:
    """The products that a file tells of, in its order."""
    if params.format == SHOPIFY_CSV:
        return shopify.read(file, currency=params.currency)
    if params.format == JSON_LINES:
        return lines.read_json_lines(file, currency=params.currency, mapping=params.mapping)
    return lines.read_rows(
        file,
        currency=params.currency,
        mapping=params.mapping,
        delimiter=params.delimiter,
        quote=params.quote,
    )


def params_of(import_id: UUID, params: Mapping[str, Any]) -> ImportParams:
    """The job's parameters, with the defaults of the house."""
    return ImportParams(
        import_id=import_id,
        format=params["format"],
        currency=params.get("currency", CURRENCY),
        dry_run=bool(params.get("dry_run", False)),
        mapping=params.get("mapping") or {},
        delimiter=params.get("delimiter", ""),
        quote=params.get("quote", '"'),
        merchant=params.get("merchant", MERCHANT),
        seller=params.get("seller", SELLER),
        channel=params.get("channel", CHANNEL),
        location=params.get("location", LOCATION),
    )


def _refusing(items: Iterator[Incoming | RowFault]) -> Iterator[Incoming | RowFault]:
    try:
        yield from items
    except Refused as refused:
        raise ImportInvalid(refused.detail) from refused


def _batches(items: Iterator[Incoming | RowFault], *, after_row: int) -> Iterator[Batch]:
    """Neither too many products, rows nor bytes, and each product once."""
    batch: Batch = []
    keys: set[str] = set()
    size = 0
    for item in items:
        if item.last_row <= after_row:
            continue
        key, more = (item.key, item.size) if isinstance(item, Incoming) else ("", 0)
        if batch and (key in keys or _is_full(batch, keys, size + more)):
            yield batch
            batch, keys, size = [], set(), 0
        batch.append(item)
        size += more
        if key:
            keys.add(key)
    if batch:
        yield batch


def _is_full(batch: Batch, keys: set[str], size: int) -> bool:
    return len(keys) >= BATCH_PRODUCTS or len(batch) >= BATCH_ROWS or size > BATCH_BYTES


def _do(
    batch: Batch, context: JobContext, params: ImportParams, paths: CategoryPaths, counts: Counts
) -> int:
    """One batch and the checkpoint behind it; the last row of it."""
    row = batch[-1].last_row
    with transaction.atomic():
        plan_anew()
        products = [item for item in batch if isinstance(item, Incoming)]
        outcome = apply_batch(products, params, paths, now())
        outcome.faults += [item for item in batch if isinstance(item, RowFault)]
        counts.add(outcome)
        for fault in outcome.faults:
            context.row_error(
                row=fault.row, pointer=fault.pointer, detail=fault.detail, code=fault.code
            )
        context.advance(row, checkpoint={"row": row, "counts": asdict(counts)})
        reach("catalog.in_import_batch")
    reach("catalog.after_import_batch")
    return row


def _complete(context: JobContext, params: ImportParams, counts: Counts, row: int) -> None:
    with context.open_result("summary.json") as file:
        file.write(orjson.dumps({**asdict(counts), "rows": row, "dryRun": params.dry_run}))
    with transaction.atomic():
        saved = {"row": row, "counts": asdict(counts), "completed": True}
        context.advance(row, total=row, checkpoint=saved)
        publish(
            ImportCompleted(
                import_id=context.job_id, dry_run=params.dry_run, rows=row, **asdict(counts)
            )
        )
        record(
            action="catalog.import.completed",
            entity_type="import",
            entity_id=context.job_id,
            actor=Viewer(user_id=context.owner_id),
            changes={**asdict(counts), "rows": row, "dryRun": params.dry_run},
        )


def announce_import_started(job: JobView) -> None:
    """Tell, in the transaction that starts the job, that an import began."""
    params = params_of(job.id, job.params)
    publish(
        ImportStarted(
            import_id=job.id,
            format=params.format,
            currency=params.currency,
            dry_run=params.dry_run,
        )
    )


def announce_import_ended(job: JobView) -> None:
    """Tell of an import that could not go on; one that ended well has told of itself."""
    if job.state == SUCCEEDED:
        return
    reason = job.error_code or job.state.lower()
    publish(ImportFailed(import_id=job.id, error=reason, rows=job.done))
    record(
        action="catalog.import.failed",
        entity_type="import",
        entity_id=job.id,
        actor=Viewer(user_id=job.owner_id),
        changes={"error": reason, "rows": job.done},
    )
