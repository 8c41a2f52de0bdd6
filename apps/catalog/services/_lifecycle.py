"""Showing products to shoppers, hiding them, and taking them out of the catalog."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.catalog import models
from apps.catalog.domain.product import publishing_faults
from apps.catalog.errors import NotPublishable
from apps.catalog.events import (
    ProductDeleted,
    ProductPublished,
    ProductStateChanged,
    ProductUnpublished,
    SkuDeleted,
)
from apps.catalog.services._products import locked_product, touch_product, whole_product
from apps.catalog.types import ARCHIVED, PUBLISHED, UNPUBLISHED, Product
from ecommerce.audit import record
from ecommerce.events import publish, publish_many
from ecommerce.identity import Viewer


@transaction.atomic
def publish_product(
    *, product_id: UUID, viewer: Viewer, now: datetime, expected_version: int | None = None
) -> Product:
    """Let shoppers see and buy it. Published already: nothing happens.

    Raises NotPublishable without a title or an active SKU, ProductNotFound, ProductChanged.
    """
    row = locked_product(product_id, expected_version)
    product = whole_product(product_id)
    if row.status == PUBLISHED:
        return product
    faults = publishing_faults(product)
    if faults:
        raise NotPublishable(faults=faults)
    row.published_at = now
    _change_status(row, PUBLISHED, viewer, now)
    published = whole_product(product_id)
    publish(ProductPublished(product_id=product_id, product=published))
    return published


@transaction.atomic
def unpublish_product(
    *,
    product_id: UUID,
    viewer: Viewer,
    now: datetime,
    reason: str = "",
    expected_version: int | None = None,
) -> Product:
    """Take it from shoppers' sight; its SKUs cannot be bought. Not published: nothing happens."""
    row = locked_product(product_id, expected_version)
    if row.status != PUBLISHED:
        return whole_product(product_id)
    _change_status(row, UNPUBLISHED, viewer, now, reason=reason)
    product = whole_product(product_id)
    publish(
        ProductUnpublished(
            product_id=product_id,
            slug=product.slug,
            sku_ids=tuple(sku.sku_id for sku in product.skus),
            reason=reason,
            version=product.version,
        )
    )
    return product


@transaction.atomic
def delete_product(
    *,
    product_id: UUID,
    viewer: Viewer,
    now: datetime,
    reason: str = "",
    expected_version: int | None = None,
) -> None:
    """Take it and its SKUs out of the catalog for good; their slug and codes are free again.

    Their rows stay, ARCHIVED and DELETED, because orders and ledgers name their ids.
    """
    row = locked_product(product_id, expected_version)
    skus = whole_product(product_id).skus
    models.Sku.objects.filter(product_id=product_id).update(status=models.product.DELETED)
    _change_status(row, ARCHIVED, viewer, now, reason=reason)
    publish_many(
        [
            *(SkuDeleted(sku_id=sku.sku_id, product_id=product_id, code=sku.code) for sku in skus),
            ProductDeleted(
                product_id=product_id,
                slug=row.slug,
                sku_ids=tuple(sku.sku_id for sku in skus),
                reason=reason,
                version=row.version,
            ),
        ]
    )


def _change_status(
    row: models.Product, status: str, viewer: Viewer, now: datetime, *, reason: str = ""
) -> None:
    before, row.status = row.status, status
    touch_product(row, now)
    publish(
        ProductStateChanged(
            product_id=row.id, from_status=before, to_status=status, version=row.version
        )
    )
    record(
        action=f"catalog.product.{status.lower()}",
        entity_type="product",
        entity_id=row.id,
        actor=viewer,
        changes={"status": [before, status], "reason": reason},
    )
