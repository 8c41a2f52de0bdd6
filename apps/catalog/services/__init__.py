"""What the catalog does: the only functions that other rooms may call."""

from apps.catalog.services._categories import (
    create_category,
    delete_category,
    move_category,
    update_category,
)
from apps.catalog.services._category_reads import category_tree, get_category, list_categories
from apps.catalog.services._export import run_export
from apps.catalog.services._import import (
    announce_import_ended,
    announce_import_started,
    run_import,
)
from apps.catalog.services._lifecycle import delete_product, publish_product, unpublish_product
from apps.catalog.services._load import load_products
from apps.catalog.services._media import get_media, open_media, upload_media
from apps.catalog.services._products import create_product, update_product
from apps.catalog.services._reads import (
    find_skus,
    get_product,
    get_products,
    get_sku,
    list_products,
    list_skus,
)
from apps.catalog.services._skus import create_sku, update_sku
from apps.catalog.services._start_jobs import start_export, start_import
from apps.catalog.services._texts import apply_texts

__all__ = [
    "announce_import_ended",
    "announce_import_started",
    "apply_texts",
    "category_tree",
    "create_category",
    "create_product",
    "create_sku",
    "delete_category",
    "delete_product",
    "find_skus",
    "get_category",
    "get_media",
    "get_product",
    "get_products",
    "get_sku",
    "list_categories",
    "list_products",
    "list_skus",
    "load_products",
    "move_category",
    "open_media",
    "publish_product",
    "run_export",
    "run_import",
    "start_export",
    "start_import",
    "unpublish_product",
    "update_category",
    "update_product",
    "update_sku",
    "upload_media",
]
