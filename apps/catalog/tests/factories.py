"""Builders of catalog rows for tests, through the services."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from apps.catalog import services
from apps.catalog.types import Product, ProductFields, SkuFields
from ecommerce.identity import SYSTEM

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
_numbers = count(1)


def a_product(*skus: SkuFields, published: bool = False, **fields: Any) -> Product:
    """A product with the given SKUs (one without options if none are given)."""
    number = next(_numbers)
    fields.setdefault("title", f"Mug {number}")
    created = services.create_product(ProductFields(**fields), now=NOW)
    for sku in skus or (SkuFields(code=f"MUG-{number}"),):
        services.create_sku(product_id=created.product_id, sku=sku, now=NOW)
    if published:
        services.publish_product(product_id=created.product_id, viewer=SYSTEM, now=NOW)
    return services.get_products(ids=[created.product_id])[created.product_id]
