"""A stock file from its first row to its last: counts to be taken as true, or units more and less."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import IO, Any, Literal

import orjson
from django.db import transaction
from django.db.models.functions import Now

from apps.inventory.domain.stock_rows import (
    BadRow,
    NoStockFile,
    StockRow,
    in_batches,
    read_rows,
)
from apps.inventory.errors import NotAStockFile, UnknownLocation, UnknownSku
from apps.inventory.models import MovementKey
from apps.inventory.queries import reading
from apps.inventory.services._change import bulk_adjust
from apps.inventory.services._count import count_stock
from apps.inventory.services._read import named_skus
from apps.inventory.types import AdjustStock, CountStock
from ecommerce.audit import record
from ecommerce.dimensions import LOCATION
from ecommerce.errors import ShopError
from ecommerce.identity import Viewer
from ecommerce.jobs import JobContext
from ecommerce.jobs.services import start_job, store_input
from ecommerce.jobs.types import JobView
from ecommerce.steps import reach

KIND = "inventory.import_stock"
COUNTS, DELTAS = "counts", "deltas"
MODES = (COUNTS, DELTAS)
FORMATS = ("csv", "ndjson")
BATCH_ROWS = 1_000
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of a row."""

    row: int
    outcome: Literal["applied", "replayed", "refused"]
    sku: str = ""
    location: str = ""
    on_hand: int | None = None
    pointer: str = ""
    code: str = ""
    detail: str = ""


_Work = Callable[[Sequence[StockRow | BadRow], JobContext], list[_Done]]


@transaction.atomic
def start_stock_import(
    *, file: IO[bytes], file_name: str, params: Mapping[str, Any], viewer: Viewer
) -> JobView:
    """Keep the file and queue the import of its rows.

    ``params``: format (csv, ndjson), mode (counts, deltas), dry_run, reference. A row is known by the file's
    content, the mode and the reference: the same file again changes nothing unless its reference is another.
    """
    digest = hashlib.sha256(f"{params['mode']}\n{params.get('reference', '')}\n".encode())
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    file.seek(0)
    job = start_job(
        kind=KIND,
        owner_id=viewer.user_id,
        params={**params, "digest": digest.hexdigest()[:40]},
        input_path=store_input(f"stock.{params['format']}", file),
    )
    record(
        action="inventory.import.started",
        entity_type="import",
        entity_id=job.id,
        actor=viewer,
        changes={"mode": params["mode"], "file": file_name[:200]},
    )
    return job


def run_stock_import(context: JobContext) -> None:
    """Bring a file's rows in, batch by batch, from the job's last checkpoint on.

    A batch, its events, its refused rows and the checkpoint are one transaction. A dry run undoes each batch
    and reports every row; a batch does not see what those before it would have changed. Of a file that came
    in whole before nothing is looked at again, though stock has moved since. Raises NotAStockFile.
    """
    params = context.params
    work = _again if MovementKey.objects.filter(key=_key("all", context)).exists() else _apply
    dry_run = bool(params.get("dry_run"))
    behind = int(context.checkpoint.get("row", 0))
    counts = Counter(context.checkpoint.get("counts", {}))
    with context.open_input() as file, _report(context, dry_run) as report:
        for batch in in_batches(_rows(file, params), BATCH_ROWS):
            last = batch[-1].row
            if last <= behind and not dry_run:
                continue
            with transaction.atomic():
                done = _try(work, batch, context) if dry_run else work(batch, context)
                report(done)
                if last > behind:
                    counts.update(one.outcome for one in done)
                    _note(done, last, counts, context)
                reach("inventory.in_import_batch")
    _complete(context, counts)


def _rows(file: IO[bytes], params: Mapping[str, Any]) -> Iterator[StockRow | BadRow]:
    rows = read_rows(
        file, form=params["format"], signed=params["mode"] == DELTAS, location=LOCATION
    )
    try:
        yield from rows
    except NoStockFile as refused:
        raise NotAStockFile(str(refused)) from refused


def _try(work: _Work, batch: Sequence[StockRow | BadRow], context: JobContext) -> list[_Done]:
    """What would become of the rows; nothing is left of it."""
    point = transaction.savepoint()
    done = work(batch, context)
    transaction.savepoint_rollback(point)
    return done


def _apply(batch: Sequence[StockRow | BadRow], context: JobContext) -> list[_Done]:
    rows = [one for one in batch if isinstance(one, StockRow)]
    skus = named_skus({row.sku for row in rows})
    locations = reading.location_ids({row.location for row in rows})
    refused = [
        _Done(one.row, "refused", pointer=one.pointer, code=one.code, detail=one.detail)
        for one in batch
        if isinstance(one, BadRow)
    ]
    good = []
    for row in rows:
        if row.sku not in skus:
            refused.append(_refused(row, "sku", UnknownSku(f"no SKU {row.sku!r}")))
        elif row.location not in locations:
            refused.append(_refused(row, "location", UnknownLocation(f"no {row.location!r}")))
        else:
            good.append(row)
    write = _adjusted if context.params["mode"] == DELTAS else _counted
    return sorted([*refused, *write(good, skus, context)], key=lambda one: one.row)


def _again(batch: Sequence[StockRow | BadRow], context: JobContext) -> list[_Done]:
    """All of the file came in before."""
    return [
        _Done(one.row, "replayed", one.sku, one.location)
        for one in batch
        if isinstance(one, StockRow)
    ]


def _adjusted(
    rows: Sequence[StockRow], skus: Mapping[str, Any], context: JobContext
) -> Iterator[_Done]:
    items = bulk_adjust(
        [
            AdjustStock(
                sku_id=skus[row.sku].id,
                delta=row.units,
                reason=row.reason,
                location=row.location,
                seller=skus[row.sku].seller,
                reference=str(context.job_id),
                actor=str(context.owner_id or ""),
                idempotency_key=_key(row.row, context),
            )
            for row in rows
        ]
    )
    for row, item in zip(rows, items, strict=True):
        on_hand = item.change.on_hand if item.change else None
        yield _Done(
            row.row, item.status, row.sku, row.location, on_hand, "", item.code, item.detail
        )


def _counted(
    rows: Sequence[StockRow], skus: Mapping[str, Any], context: JobContext
) -> Iterator[_Done]:
    """All at once; where one cannot be, each alone."""
    counts = [
        CountStock(
            sku_id=skus[row.sku].id,
            on_hand=row.units,
            location=row.location,
            seller=skus[row.sku].seller,
            reason=row.reason,
            reference=str(context.job_id),
            idempotency_key=_key(row.row, context),
        )
        for row in rows
    ]
    try:
        with transaction.atomic():
            count_stock(counts)
    except ShopError:
        for row, count in zip(rows, counts, strict=True):
            yield _counted_alone(row, count)
        return
    for row in rows:
        yield _Done(row.row, "applied", row.sku, row.location, row.units)


def _counted_alone(row: StockRow, count: CountStock) -> _Done:
    try:
        with transaction.atomic():
            count_stock([count])
    except ShopError as refusal:
        return _refused(row, "", refusal)
    return _Done(row.row, "applied", row.sku, row.location, row.units)


def _key(row: int | Literal["all"], context: JobContext) -> str:
    return f"file:{context.params['digest']}:{row}"


def _refused(row: StockRow, pointer: str, refusal: ShopError) -> _Done:
    return _Done(
        row.row, "refused", row.sku, row.location, None, pointer, refusal.code, refusal.detail
    )


def _note(done: Sequence[_Done], last: int, counts: Counter[str], context: JobContext) -> None:
    for one in done:
        if one.outcome == "refused":
            context.row_error(row=one.row, pointer=one.pointer, code=one.code, detail=one.detail)
    seen = sum(counts.values())
    context.advance(seen, checkpoint={"row": last, "counts": dict(counts)})


@contextmanager
def _report(context: JobContext, dry_run: bool) -> Iterator[Any]:
    """Takes what became of rows; of a dry run, it is kept as a file with a line for each."""
    kept = context.open_result("report.csv") if dry_run else nullcontext()
    with kept as file:
        if file is None:
            yield lambda _: None
            return
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(("row", "outcome", "sku", "location", "onHand", "code", "detail"))
        yield lambda done: writer.writerows(
            (d.row, d.outcome, _cell(d.sku), _cell(d.location), d.on_hand, d.code, _cell(d.detail))
            for d in done
        )
        text.detach()


def _cell(text: str) -> str:
    """A spreadsheet must not run what a file of strangers put into its cells."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def _complete(context: JobContext, counts: Counter[str]) -> None:
    seen = sum(counts.values())
    dry_run = bool(context.params.get("dry_run"))
    if not (dry_run or counts["refused"]):
        whole = MovementKey(key=_key("all", context), movement_id=context.job_id, moved_at=Now())
        MovementKey.objects.bulk_create([whole], ignore_conflicts=True)
    if not dry_run:
        with context.open_result("summary.json") as file:
            file.write(orjson.dumps({"rows": seen, **counts}))
    context.advance(seen, total=seen, checkpoint=context.checkpoint)
