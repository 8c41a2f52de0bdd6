"""Creating and changing products."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.catalog import models
from apps.catalog.domain.product import product_faults, sku_faults, tidied, tidied_sku
from apps.catalog.domain.slug import free_slug, slug_of
from apps.catalog.errors import (
    CategoryNotFound,
    ProductArchived,
    ProductChanged,
    ProductInvalid,
    ProductNotFound,
)
from apps.catalog.events import ProductCreated, ProductUpdated, SkuCreated
from apps.catalog.queries.category import lock_memberships
from apps.catalog.queries.product import products_by_id
from apps.catalog.services._constraints import named_refusals
from apps.catalog.services._sellers import seller_faults, unknown_sellers
from apps.catalog.services._sku_rows import new_sku_row
from apps.catalog.types import ARCHIVED, MediaRef, Product, ProductFields, SkuFields
from ecommerce.errors import Fault
from ecommerce.events import publish, publish_many
from ecommerce.ids import new_id

_COLUMNS = tuple(f.name for f in fields(ProductFields) if f.name not in ("category_ids", "media"))


@transaction.atomic
def create_product(
    product: ProductFields,
    *,
    now: datetime,
    skus: Sequence[SkuFields] = (),
    product_id: UUID | None = None,
) -> Product:
    """Add a product as DRAFT, with its SKUs.

    An empty slug is made from the title, with a number behind it where another product has it;
    a slug that is told and taken is SlugTaken. Raises ProductInvalid, ExternalIdTaken, SkuCodeTaken,
    OptionsTaken.
    """
    product, skus = tidied(product), [tidied_sku(sku) for sku in skus]
    _refuse(product, skus)
    wanted = replace(product, slug=product.slug or _free_slug(product))
    _refuse_unknown_categories(wanted.category_ids)
    _refuse_unknown_media(wanted.media)
    _refuse_unknown_seller(wanted.seller)
    row = models.Product(id=product_id or new_id(), created_at=now, updated_at=now)
    _apply(row, wanted)
    with named_refusals():
        row.save(force_insert=True)
        models.Sku.objects.bulk_create(
            new_sku_row(row, sku, position, now) for position, sku in enumerate(skus)
        )
    _set_categories(row.id, wanted.category_ids)
    created = whole_product(row.id)
    publish_many(
        [
            ProductCreated(product_id=row.id, product=created),
            *(SkuCreated(sku_id=sku.sku_id, product_id=row.id, sku=sku) for sku in created.skus),
        ]
    )
    return created


@transaction.atomic
def update_product(
    *,
    product_id: UUID,
    changes: Mapping[str, Any],
    expected_version: int | None,
    now: datetime,
) -> Product:
    """Set the given fields of ProductFields (by their names there) and leave the others.

    Nothing changed means no new version and no event. Raises ProductNotFound, ProductChanged
    (the version is another), ProductArchived, ProductInvalid, SlugTaken, ExternalIdTaken.
    """
    row = locked_product(product_id, expected_version)
    before = whole_product(product_id)
    present = fields_of(before)
    wanted = tidied(replace(present, **changes))
    wanted = replace(wanted, slug=wanted.slug or present.slug)
    changed = _changed(present, wanted)
    if not changed:
        return before
    _refuse(wanted)
    _refuse_other_option_count(before, wanted)
    if "category_ids" in changed:
        _refuse_unknown_categories(wanted.category_ids)
        _set_categories(product_id, wanted.category_ids)
    if "media" in changed:
        _refuse_unknown_media(wanted.media)
    if "seller" in changed:
        _refuse_unknown_seller(wanted.seller)
    _apply(row, wanted)
    with named_refusals():
        touch_product(row, now)
    return announce_update(product_id, changed)


def fields_of(product: Product) -> ProductFields:
    """What of a product a caller may set, as it is."""
    return ProductFields(**{f.name: getattr(product, f.name) for f in fields(ProductFields)})


def whole_product(product_id: UUID) -> Product:
    """The product as it is in this transaction. Raises ProductNotFound."""
    found = products_by_id([product_id]).get(product_id)
    if found is None:
        raise ProductNotFound
    return found


def locked_product(product_id: UUID, expected_version: int | None) -> models.Product:
    """The row, held until the transaction ends, in the version that the caller saw."""
    row = models.Product.objects.select_for_update().filter(id=product_id).first()
    if row is None:
        raise ProductNotFound
    if row.status == ARCHIVED:
        raise ProductArchived
    if expected_version is not None and row.version != expected_version:
        raise ProductChanged(f"It is at version {row.version} now.", version=row.version)
    return row


def touch_product(row: models.Product, now: datetime) -> None:
    """Store the row as its next version."""
    row.version += 1
    row.updated_at = now
    row.save()


def announce_update(product_id: UUID, changes: Sequence[str]) -> Product:
    """Tell of a change with the whole product as it is now."""
    product = whole_product(product_id)
    publish(ProductUpdated(product_id=product_id, product=product, changes=tuple(changes)))
    return product


def _refuse(product: ProductFields, skus: Sequence[SkuFields] = ()) -> None:
    faults = product_faults(product)
    for number, sku in enumerate(skus):
        faults += [
            replace(fault, pointer=f"/skus/{number}{fault.pointer}")
            for fault in sku_faults(sku, product.option_names)
        ]
    if faults:
        raise ProductInvalid(faults=faults)


def _refuse_other_option_count(before: Product, wanted: ProductFields) -> None:
    if before.skus and len(before.option_names) != len(wanted.option_names):
        raise ProductInvalid(
            faults=[
                Fault(
                    pointer="/optionNames",
                    detail="can be renamed but not added or removed while there are SKUs",
                    code="options_in_use",
                )
            ]
        )


def _changed(present: ProductFields, wanted: ProductFields) -> tuple[str, ...]:
    names = (f.name for f in fields(ProductFields))
    return tuple(name for name in names if getattr(present, name) != getattr(wanted, name))


def _apply(row: models.Product, wanted: ProductFields) -> None:
    for name in _COLUMNS:
        value = getattr(wanted, name)
        setattr(row, name, list(value) if isinstance(value, tuple) else value)
    row.media = [media_json(ref) for ref in wanted.media]


def media_json(ref: MediaRef) -> dict[str, Any]:
    """A media reference as it is stored."""
    return {**asdict(ref), "media_id": str(ref.media_id) if ref.media_id else None}


def _free_slug(product: ProductFields) -> str:
    stem = slug_of(product.title) or "product"
    same_stem = models.Product.objects.exclude(status=ARCHIVED).filter(
        merchant=product.merchant, slug__startswith=stem
    )
    return free_slug(stem, set(same_stem.values_list("slug", flat=True)))


def _set_categories(product_id: UUID, category_ids: Sequence[UUID]) -> None:
    models.ProductCategory.objects.filter(product_id=product_id).delete()
    models.ProductCategory.objects.bulk_create(
        models.ProductCategory(product_id=product_id, category_id=category_id, position=position)
        for position, category_id in enumerate(category_ids)
    )


def _refuse_unknown_seller(seller: str) -> None:
    faults = [*seller_faults(seller, unknown_sellers([seller]))]
    if faults:
        raise ProductInvalid(faults=faults)


def _refuse_unknown_media(refs: Sequence[MediaRef]) -> None:
    ids = {ref.media_id for ref in refs if ref.media_id}
    if not ids:
        return
    known = set(models.Media.objects.filter(id__in=ids).values_list("id", flat=True))
    faults = [
        Fault(pointer=f"/media/{n}/mediaId", detail="is no picture of ours", code="media")
        for n, ref in enumerate(refs)
        if ref.media_id and ref.media_id not in known
    ]
    if faults:
        raise ProductInvalid(faults=faults)


def _refuse_unknown_categories(category_ids: Sequence[UUID]) -> None:
    if not category_ids:
        return
    known = lock_memberships(category_ids)
    faults = [
        Fault(pointer=f"/categoryIds/{n}", detail="is no category", code=CategoryNotFound.code)
        for n, category_id in enumerate(category_ids)
        if category_id not in known
    ]
    if faults:
        raise ProductInvalid(faults=faults)
