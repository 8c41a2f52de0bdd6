"""Reads of the catalog: whole products and SKUs, each in one statement."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from apps.catalog.types import ACTIVE, Product, ProductSku, Sku
from ecommerce.locales import Place

# PostgreSQL builds the document: one statement where the ORM needs three, and a fifth of its time.
_SKU_DOCUMENT = """
    json_build_object(
        'sku_id', s.id, 'product_id', s.product_id, 'code', s.code,
        'title', coalesce(nullif(array_to_string(s.option_values, ' / '), ''), p.title),
        'options', json_object(p.option_names, s.option_values), 'barcode', s.barcode,
        'weight_grams', s.weight_grams, 'length_mm', s.length_mm, 'width_mm', s.width_mm,
        'height_mm', s.height_mm, 'hs_code', s.hs_code,
        'country_of_origin', s.country_of_origin, 'tax_class', s.tax_class,
        'requires_shipping', s.requires_shipping, 'seller', s.seller, 'status', s.status,
        'image', nullif(s.image, ''), 'position', s.position, 'version', s.version,
        'created_at', s.created_at, 'updated_at', s.updated_at
    )
"""
_TEXT_DOCUMENT = """
    json_build_object(
        'locale', t.locale, 'channel', t.channel, 'title', t.title,
        'description', t.description, 'bullets', t.bullets, 'seo_title', t.seo_title,
        'seo_description', t.seo_description, 'version', t.version
    )
"""
_DOCUMENT = f"""
    json_build_object(
        'product_id', p.id, 'merchant', p.merchant, 'seller', p.seller,
        'external_id', p.external_id, 'slug', p.slug, 'title', p.title,
        'description', p.description, 'brand', p.brand, 'product_type', p.product_type,
        'tags', p.tags, 'status', p.status, 'attributes', p.attributes, 'media', p.media,
        'option_names', p.option_names, 'seo_title', p.seo_title,
        'seo_description', p.seo_description, 'version', p.version,
        'created_at', p.created_at, 'updated_at', p.updated_at, 'published_at', p.published_at,
        'category_ids', ARRAY(
            SELECT m.category_id FROM catalog_productcategory m
            WHERE m.product_id = p.id ORDER BY m.position, m.id),
        'texts', (
            SELECT coalesce(json_agg({_TEXT_DOCUMENT} ORDER BY t.locale, t.channel), '[]'::json)
            FROM catalog_localizedtext t WHERE t.product_id = p.id),
        'skus', (
            SELECT coalesce(json_agg({_SKU_DOCUMENT} ORDER BY s.position, s.id), '[]'::json)
            FROM catalog_sku s WHERE s.product_id = p.id AND s.status <> 'DELETED')
    )::text
"""
_SKUS = """
    SELECT s.id, s.code, s.product_id, shown.title,
           coalesce(nullif(array_to_string(s.option_values, ' / '), ''), shown.title),
           p.option_names, s.option_values, s.barcode, s.weight_grams, s.length_mm, s.width_mm,
           s.height_mm, s.hs_code, s.tax_class, s.seller,
           ARRAY(SELECT m.category_id FROM catalog_productcategory m
                 WHERE m.product_id = p.id ORDER BY m.position, m.id),
           p.status = 'PUBLISHED' AND s.status = 'ACTIVE',
           coalesce(nullif(s.image, ''), p.media -> 0 ->> 'url'),
           s.country_of_origin, s.requires_shipping
    FROM catalog_sku s JOIN catalog_product p ON p.id = s.product_id
    CROSS JOIN LATERAL (SELECT coalesce((
        SELECT t.title
        FROM unnest((SELECT %(locales)s::text[]), (SELECT %(channels)s::text[])) WITH ORDINALITY
            AS place(locale, channel, distance)
        JOIN catalog_localizedtext t ON t.product_id = p.id AND t.title <> ''
            AND t.locale = place.locale AND t.channel = place.channel
        ORDER BY place.distance LIMIT 1), p.title) AS title) shown
    WHERE s.id IN (
        SELECT unnest((SELECT %(ids)s::uuid[]))
        UNION SELECT id FROM catalog_sku
        WHERE code = ANY((SELECT %(codes)s::text[])::text[]) AND status <> 'DELETED')
"""
_decoder = msgspec.json.Decoder(Product)
_sku_decoder = msgspec.json.Decoder(ProductSku)


def products_by_id(ids: Collection[UUID]) -> dict[UUID, Product]:
    """Whole products, the deleted too."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_DOCUMENT} FROM catalog_product p WHERE p.id = ANY(%s)",
            [list(ids)],
        )
        found = [_decoder.decode(row[0]) for row in cursor.fetchall()]
    return {product.product_id: product for product in found}


def product_of_sku(sku_id: UUID) -> Product | None:
    """The whole product that a SKU is a part of."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {_DOCUMENT} FROM catalog_product p
                WHERE p.id = (SELECT product_id FROM catalog_sku WHERE id = %s)""",
            [sku_id],
        )
        row = cursor.fetchone()
    return _decoder.decode(row[0]) if row else None


def product_skus_by_id(ids: Collection[UUID]) -> dict[UUID, ProductSku]:
    """SKUs as parts of their products."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {_SKU_DOCUMENT}::text
                FROM catalog_sku s JOIN catalog_product p ON p.id = s.product_id
                WHERE s.id = ANY(%s)""",
            [list(ids)],
        )
        found = [_sku_decoder.decode(row[0]) for row in cursor.fetchall()]
    return {sku.sku_id: sku for sku in found}


def for_shoppers(product: Product) -> Product:
    """The product with the SKUs that can be bought."""
    return replace(product, skus=tuple(sku for sku in product.skus if sku.status == ACTIVE))


def skus_by(
    ids: Collection[UUID], codes: Collection[str], places: Sequence[Place]
) -> dict[UUID, Sku]:
    """SKUs by id (the deleted too) or by code, titled as the nearest of the places has it."""
    parameters: dict[str, list[Any]] = {
        "ids": list(ids),
        "codes": list(codes),
        "locales": [locale for locale, _ in places],
        "channels": [channel for _, channel in places],
    }
    with connection.cursor() as cursor:
        cursor.execute(_SKUS, parameters)
        return {row[0]: _sku(row) for row in cursor.fetchall()}


def _sku(row: tuple) -> Sku:  # type: ignore[type-arg]  # a row of _SKUS
    return Sku(
        id=row[0],
        code=row[1],
        product_id=row[2],
        product_title=row[3],
        title=row[4],
        options=dict(zip(row[5], row[6], strict=False)),
        barcode=row[7],
        weight_grams=row[8],
        length_mm=row[9],
        width_mm=row[10],
        height_mm=row[11],
        hs_code=row[12],
        tax_class=row[13],
        seller=row[14],
        category_ids=tuple(row[15]),
        sellable=row[16],
        image=row[17],
        country_of_origin=row[18],
        requires_shipping=row[19],
    )
