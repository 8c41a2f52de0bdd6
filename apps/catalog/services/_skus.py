"""Creating, changing and deprecating SKUs. Each is a new version of its product, too."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from apps.catalog import models
from apps.catalog.domain.product import sku_faults, tidied_sku
from apps.catalog.errors import SkuChanged, SkuInvalid, SkuNotFound
from apps.catalog.events import SkuCreated, SkuDeprecated, SkuUpdated
from apps.catalog.queries.listing import sku_id_of
from apps.catalog.services._constraints import named_refusals
from apps.catalog.services._products import (
    announce_update,
    locked_product,
    touch_product,
    whole_product,
)
from apps.catalog.services._sku_rows import SKU_COLUMNS, apply_sku, new_sku_row
from apps.catalog.types import ACTIVE, DEPRECATED, Product, ProductSku, SkuFields
from ecommerce.errors import Fault
from ecommerce.events import publish

_NAMES = tuple(field.name for field in fields(SkuFields))


@transaction.atomic
def create_sku(
    *, product_id: UUID, sku: SkuFields, now: datetime, sku_id: UUID | None = None
) -> ProductSku:
    """Add an active SKU to a product.

    Raises SkuInvalid, SkuCodeTaken, OptionsTaken, ProductNotFound, ProductArchived.
    """
    product = locked_product(product_id, None)
    sku = tidied_sku(sku)
    _refuse(sku, product)
    last = models.Sku.objects.filter(product_id=product_id).aggregate(last=Max("position"))["last"]
    row = new_sku_row(product, sku, 0 if last is None else last + 1, now, sku_id=sku_id)
    with named_refusals():
        row.save(force_insert=True)
    touch_product(product, now)
    created = _sku_of(announce_update(product_id, ["skus"]), row.id)
    publish(SkuCreated(sku_id=row.id, product_id=product_id, sku=created))
    return created


@transaction.atomic
def update_sku(
    *,
    reference: str | UUID,
    changes: Mapping[str, Any],
    expected_version: int | None,
    now: datetime,
) -> ProductSku:
    """Set the given fields of SkuFields, or ``status`` (ACTIVE, DEPRECATED), and leave the others.

    ``reference`` is the SKU's id or its code.

    Nothing changed means no new version and no event. Raises SkuNotFound, SkuChanged (the version
    is another), SkuInvalid, SkuCodeTaken, OptionsTaken.
    """
    row, product = _locked_sku(str(reference), expected_version)
    present = _fields_of(row, product)
    status = changes.get("status", row.status)
    told = {name: changes[name] for name in _NAMES if name in changes}
    wanted = tidied_sku(replace(present, **told))
    changed = [name for name in _NAMES if getattr(present, name) != getattr(wanted, name)]
    if status != row.status:
        changed.append("status")
    if not changed:
        return _sku_of(whole_product(product.id), row.id)
    _refuse(wanted, product, status)
    apply_sku(row, wanted, product)
    row.status = status
    _save(row, now)
    return _announce(product, row, changed, now)


def _announce(
    product: models.Product, row: models.Sku, changed: list[str], now: datetime
) -> ProductSku:
    touch_product(product, now)
    sku = _sku_of(announce_update(product.id, ["skus"]), row.id)
    publish(SkuUpdated(sku_id=row.id, product_id=product.id, sku=sku, changes=tuple(changed)))
    if "status" in changed and row.status == DEPRECATED:
        publish(SkuDeprecated(sku_id=row.id, product_id=product.id, code=row.code, reason=""))
    return sku


def _locked_sku(reference: str, expected_version: int | None) -> tuple[models.Sku, models.Product]:
    """The SKU under its product's lock, which all writers of a product's SKUs take first."""
    sku_id = sku_id_of(reference)
    if sku_id is None:
        raise SkuNotFound
    row = models.Sku.objects.get(id=sku_id)
    product = locked_product(row.product_id, None)
    row.refresh_from_db()
    if expected_version is not None and row.version != expected_version:
        raise SkuChanged(f"It is at version {row.version} now.", version=row.version)
    return row, product


def _fields_of(row: models.Sku, product: models.Product) -> SkuFields:
    options = dict(zip(product.option_names, row.option_values, strict=True))
    return SkuFields(options=options, **{name: getattr(row, name) for name in SKU_COLUMNS})


def _save(row: models.Sku, now: datetime) -> None:
    row.version += 1
    row.updated_at = now
    with named_refusals():
        row.save()


def _refuse(sku: SkuFields, product: models.Product, status: str = ACTIVE) -> None:
    faults = sku_faults(sku, product.option_names)
    if status not in (ACTIVE, DEPRECATED):
        faults.append(Fault(pointer="/status", detail="is ACTIVE or DEPRECATED", code="status"))
    if faults:
        raise SkuInvalid(faults=faults)


def _sku_of(product: Product, sku_id: UUID) -> ProductSku:
    return next(sku for sku in product.skus if sku.sku_id == sku_id)
