"""Writing all products to a file, in bounded memory."""

from collections.abc import Iterator
from itertools import chain
from typing import IO

from apps.catalog.domain.exporting import csv_header, csv_lines, json_line, paths_by_id
from apps.catalog.queries.category import tree_of
from apps.catalog.queries.listing import ids_after
from apps.catalog.queries.product import products_by_id
from apps.catalog.services._import import SHOPIFY_CSV
from apps.catalog.types import Product
from ecommerce.audit import record
from ecommerce.dimensions import MERCHANT
from ecommerce.identity import Viewer
from ecommerce.jobs import JobContext

BATCH = 500
_NAMES = {SHOPIFY_CSV: "products.csv"}


def run_export(context: JobContext) -> None:
    """Write the products of a status (all that are there, if none is told) as the job's result."""
    merchant = context.params.get("merchant", MERCHANT)
    kind = context.params["format"]
    status = context.params.get("status", "")
    with context.open_result(_NAMES.get(kind, "products.jsonl")) as file:
        _write(file, kind, _products(context, merchant, status), merchant)
    record(
        action="catalog.export.completed",
        entity_type="export",
        entity_id=context.job_id,
        actor=Viewer(user_id=context.owner_id),
        changes={"format": kind, "products": context.done},
    )


def _write(file: IO[bytes], kind: str, products: Iterator[Product], merchant: str) -> None:
    tree = tree_of(merchant, None)
    paths = paths_by_id([(one.category_id, one.parent_id, one.name) for one in tree])
    if kind == SHOPIFY_CSV:
        lines = chain.from_iterable(csv_lines(product, paths) for product in products)
        file.write(csv_header().encode())
        file.writelines(line.encode() for line in lines)
    else:
        file.writelines(json_line(product, paths) for product in products)


def _products(context: JobContext, merchant: str, status: str) -> Iterator[Product]:
    done, last = 0, None
    while ids := ids_after(last, merchant=merchant, status=status, limit=BATCH):
        found = products_by_id(ids)
        yield from (found[id] for id in ids if id in found)
        done, last = done + len(ids), ids[-1]
        context.advance(done)
