"""What an import reads and writes: a batch in a handful of statements.

Rows travel as one JSON parameter and are merged by id, so a new product and a changed one take the same
statement. Measured here this costs a tenth of writing row by row through the ORM.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec
from django.db import connection

from apps.catalog.domain.importing.incoming import Price
from apps.catalog.types import Product, ProductSku
from ecommerce.sql import text_array

_prices = msgspec.json.Decoder(tuple[Price, ...])


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredOffer:
    """What the last file said of a SKU."""

    sku_id: UUID
    prices: tuple[Price, ...]
    on_hand: int | None


def plan_anew() -> None:
    """Until the transaction ends, plan statements for the tables as they are by now.

    They grow while a file comes in. A plan that was made when they were small, and kept, compares each of
    their rows with each name of a batch.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")


def lock_products(
    merchant: str, *, slugs: Collection[str], external_ids: Collection[str], codes: Collection[str]
) -> list[UUID]:
    """The products that these name, held until the transaction ends, in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id FROM catalog_product WHERE id IN (
                SELECT id FROM catalog_product
                WHERE merchant = %(merchant)s AND slug = ANY(%(slugs)s::text[]) AND status <> 'ARCHIVED'
                UNION SELECT id FROM catalog_product
                WHERE merchant = %(merchant)s AND external_id = ANY(%(external)s::text[])
                  AND status <> 'ARCHIVED'
                UNION SELECT product_id FROM catalog_sku
                WHERE code = ANY(%(codes)s::text[]) AND status <> 'DELETED')
            ORDER BY id FOR NO KEY UPDATE
            """,
            {
                "merchant": merchant,
                "slugs": text_array(slugs),
                "external": text_array(external_ids),
                "codes": text_array(codes),
            },
        )
        return [row[0] for row in cursor.fetchall()]


def taken_slugs(merchant: str, slugs: Collection[str]) -> set[str]:
    """Those of the slugs that products have."""
    if not slugs:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT slug FROM catalog_product
               WHERE merchant = %s AND slug = ANY(%s::text[]) AND status <> 'ARCHIVED'""",
            [merchant, text_array(slugs)],
        )
        return {row[0] for row in cursor.fetchall()}


def offers_of(sku_ids: Collection[UUID]) -> dict[UUID, StoredOffer]:
    """What the last files said of these SKUs."""
    if not sku_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT sku_id, prices::text, on_hand
               FROM catalog_importedoffer WHERE sku_id = ANY(%s)""",
            [list(sku_ids)],
        )
        return {
            sku_id: StoredOffer(sku_id=sku_id, prices=_prices.decode(prices), on_hand=on_hand)
            for sku_id, prices, on_hand in cursor.fetchall()
        }


_PRODUCT_COLUMNS = {
    "merchant": "text",
    "seller": "text",
    "external_id": "text",
    "slug": "text",
    "title": "text",
    "description": "text",
    "brand": "text",
    "product_type": "text",
    "tags": "text[]",
    "status": "text",
    "attributes": "jsonb",
    "media": "jsonb",
    "option_names": "text[]",
    "seo_title": "text",
    "seo_description": "text",
    "version": "integer",
    "created_at": "timestamptz",
    "updated_at": "timestamptz",
    "published_at": "timestamptz",
}
_SKU_COLUMNS = {
    "product_id": "uuid",
    "code": "text",
    "barcode": "text",
    "weight_grams": "integer",
    "length_mm": "integer",
    "width_mm": "integer",
    "height_mm": "integer",
    "hs_code": "text",
    "country_of_origin": "text",
    "tax_class": "text",
    "requires_shipping": "boolean",
    "seller": "text",
    "status": "text",
    "position": "integer",
    "version": "integer",
    "created_at": "timestamptz",
    "updated_at": "timestamptz",
}


def _merge(table: str, key: str, columns: dict[str, str], derived: dict[str, str]) -> str:
    """INSERT … ON CONFLICT of a JSON array; ``derived`` columns come from the raw member ``options``."""
    names = [*columns, *derived]
    values = [f"r.{name}" for name in columns] + list(derived.values())
    raw = {**columns, **({"options": "json", "image": "text"} if derived else {})}
    shape = ", ".join(f"{name} {kind}" for name, kind in raw.items())
    changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in names)
    return f"""
        INSERT INTO {table} (id, {", ".join(names)})
        SELECT r.{key}, {", ".join(values)}
        FROM json_to_recordset(%s::json) AS r({key} uuid, {shape})
        ON CONFLICT (id) DO UPDATE SET {changes}
    """


_MERGE_PRODUCTS = _merge("catalog_product", "product_id", _PRODUCT_COLUMNS, {})
_MERGE_SKUS = _merge(
    "catalog_sku",
    "sku_id",
    _SKU_COLUMNS,
    {
        "option_values": "ARRAY(SELECT value FROM json_each_text(r.options))",
        "image": "coalesce(r.image, '')",
    },
)


def merge_products(products: Sequence[Product]) -> None:
    """Store the products as they are, their SKUs aside: one statement."""
    if products:
        with connection.cursor() as cursor:
            cursor.execute(_MERGE_PRODUCTS, [_json(products)])


def merge_skus(skus: Sequence[ProductSku]) -> None:
    """Store the SKUs as they are: one statement."""
    if skus:
        with connection.cursor() as cursor:
            cursor.execute(_MERGE_SKUS, [_json(skus)])


def _json(rows: Sequence[Product] | Sequence[ProductSku]) -> str:
    return msgspec.json.encode(rows).decode()


def set_memberships(products: Sequence[Product]) -> None:
    """Put the products into their categories, and out of all others."""
    if not products:
        return
    rows = [
        (product.product_id, category_id, position)
        for product in products
        for position, category_id in enumerate(product.category_ids)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM catalog_productcategory WHERE product_id = ANY(%s)",
            [[product.product_id for product in products]],
        )
        cursor.execute(
            """INSERT INTO catalog_productcategory (product_id, category_id, position)
               SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::smallint[])""",
            [[row[n] for row in rows] for n in range(3)],
        )


def remember_offers(offers: Sequence[StoredOffer], import_id: UUID) -> None:
    """Keep what a file said, to know when another one says something else."""
    if not offers:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO catalog_importedoffer (sku_id, prices, on_hand, import_id)
            SELECT o.sku_id, o.prices, o.on_hand, %s
            FROM json_to_recordset(%s::json) AS o(sku_id uuid, prices jsonb, on_hand integer)
            ON CONFLICT (sku_id) DO UPDATE SET
                prices = EXCLUDED.prices, on_hand = EXCLUDED.on_hand,
                import_id = EXCLUDED.import_id
            """,
            [import_id, msgspec.json.encode(offers).decode()],
        )
