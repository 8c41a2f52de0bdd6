"""Starting imports and exports."""

from collections.abc import Mapping
from typing import IO, Any

from django.db import transaction

from apps.catalog.domain.importing.cells import is_currency
from apps.catalog.domain.importing.mapping import mapping_faults
from apps.catalog.errors import ImportInvalid
from apps.catalog.services._import import CSV, JSON_LINES
from ecommerce.audit import record
from ecommerce.errors import Fault
from ecommerce.identity import Viewer
from ecommerce.jobs.services import start_job, store_input
from ecommerce.jobs.types import JobView


@transaction.atomic
def start_import(
    *, file: IO[bytes], file_name: str, params: Mapping[str, Any], viewer: Viewer
) -> JobView:
    """Keep the file and queue the import of its products.

    ``params``: format (shopify-csv, csv, jsonl), currency, dry_run, mapping, delimiter, quote. Raises
    ImportInvalid for a currency that is none, a wrong mapping, or a csv without one.
    """
    faults = [*_currency_faults(params["currency"]), *_mapping_faults(params)]
    if faults:
        raise ImportInvalid(faults=faults)
    job = start_job(
        kind="catalog.import_products",
        owner_id=viewer.user_id,
        params=params,
        input_path=store_input(f"products.{params['format']}", file),
    )
    record(
        action="catalog.import.started",
        entity_type="import",
        entity_id=job.id,
        actor=viewer,
        changes={"format": params["format"], "file": file_name[:200]},
    )
    return job


@transaction.atomic
def start_export(*, params: Mapping[str, Any], viewer: Viewer) -> JobView:
    """Queue the writing of all products to a file: format (shopify-csv, jsonl), status."""
    job = start_job(kind="catalog.export_products", owner_id=viewer.user_id, params=params)
    record(
        action="catalog.export.started",
        entity_type="export",
        entity_id=job.id,
        actor=viewer,
        changes=dict(params),
    )
    return job


def _currency_faults(currency: str) -> list[Fault]:
    if is_currency(currency):
        return []
    return [Fault(pointer="/currency", detail="is not ISO 4217", code="currency")]


def _mapping_faults(params: Mapping[str, Any]) -> list[Fault]:
    mapping = params.get("mapping") or {}
    faults = [
        Fault(pointer="/mapping", detail=why, code="mapping") for why in mapping_faults(mapping)
    ]
    if mapping and params["format"] not in (CSV, JSON_LINES):
        detail = "is for the formats csv and jsonl"
        faults.append(Fault(pointer="/mapping", detail=detail, code="mapping"))
    return faults
