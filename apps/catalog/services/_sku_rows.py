"""How a SKU's fields become its row."""

from dataclasses import fields
from datetime import datetime
from uuid import UUID

from apps.catalog import models
from apps.catalog.types import SkuFields
from ecommerce.ids import new_id

SKU_COLUMNS = tuple(field.name for field in fields(SkuFields) if field.name != "options")


def new_sku_row(
    product: models.Product,
    sku: SkuFields,
    position: int,
    now: datetime,
    sku_id: UUID | None = None,
) -> models.Sku:
    """The row of a new SKU, not stored yet."""
    row = models.Sku(
        id=sku_id or new_id(),
        product_id=product.id,
        seller=product.seller,
        position=position,
        created_at=now,
        updated_at=now,
    )
    apply_sku(row, sku, product)
    return row


def apply_sku(row: models.Sku, sku: SkuFields, product: models.Product) -> None:
    """Set the row's columns; the option values in the order of the product's option names."""
    for name in SKU_COLUMNS:
        setattr(row, name, getattr(sku, name))
    row.option_values = [sku.options[name] for name in product.option_names]
