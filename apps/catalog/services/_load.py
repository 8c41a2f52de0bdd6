"""Loading products that a generator made."""

from collections.abc import Iterable
from itertools import islice

from django.db import transaction

from apps.catalog.events import ProductCreated, SkuCreated
from apps.catalog.queries.loading import copy_products, copy_skus
from apps.catalog.types import Product
from ecommerce.events import publish_many

BATCH = 2000


def load_products(products: Iterable[Product], *, announce: bool = True) -> int:
    """Store new products, as they are, by COPY; returns how many. Memory does not grow with them.

    The caller gives ids, slugs and SKU codes that are free, and values that the rules allow: only the
    database checks them. Texts of other locales come from pim. Each batch is a transaction with its product.created and sku.created events
    (none without ``announce``: whoever turns them off rebuilds the read models).
    """
    waiting, loaded = iter(products), 0
    while batch := list(islice(waiting, BATCH)):
        with transaction.atomic():
            copy_products(batch)
            copy_skus(batch)
            if announce:
                publish_many([fact for product in batch for fact in _facts(product)])
        loaded += len(batch)
    return loaded


def _facts(product: Product) -> list[ProductCreated | SkuCreated]:
    created = ProductCreated(product_id=product.product_id, product=product)
    skus = [
        SkuCreated(sku_id=sku.sku_id, product_id=product.product_id, sku=sku)
        for sku in product.skus
    ]
    return [created, *skus]
