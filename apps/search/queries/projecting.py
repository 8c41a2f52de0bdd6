"""Set-based writes of the read model. Table names are bare, so that a replay can aim them elsewhere."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

# The text search configuration of each language that PostgreSQL stems; the rest are "simple".
CONFIGURATIONS = {
    "en": "english",
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "it": "italian",
    "nl": "dutch",
}
_VECTOR = " || ".join(
    f"setweight(to_tsvector('{name}', coalesce(x.titles->>'{name}', '')), 'A')"
    f" || setweight(to_tsvector('{name}', coalesce(x.prose->>'{name}', '')), 'C')"
    for name in (*CONFIGURATIONS.values(), "simple")
)
# Which of a SKU's offers counts now: the same order as the quote's.
CURRENT_OFFERS = """
    SELECT DISTINCT ON (o.sku_id, o.channel, o.currency) o.*
    FROM search_offer o
    WHERE o.min_quantity <= 1 AND o.valid_from <= %(now)s
      AND (o.valid_until IS NULL OR o.valid_until > %(now)s) AND {where}
    ORDER BY o.sku_id, o.channel, o.currency, o.priority DESC, o.min_quantity DESC, o.valid_from DESC, o.price_id
"""


def _run(sql: str, parameters: Any = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _json(rows: Sequence[Any]) -> str:
    return orjson.dumps(rows).decode()


def lock_writers() -> None:
    """One writer at a time: two that do not see each other's rows would both miss a listing."""
    _run("SELECT pg_advisory_xact_lock(hashtext('search.storefront'))")


def upsert_documents(rows: Sequence[dict[str, Any]]) -> None:
    _run(
        f"""
        INSERT INTO search_document (product_id, merchant, slug, title, localized_titles,
            all_titles, brand, body, card, category_ids, facet_values, vector, in_stock, published_at,
            version)
        SELECT x.product_id, x.merchant, x.slug, x.title, x.localized_titles, x.all_titles,
            x.brand, x.body, x.card, x.category_ids, x.facet_values, {_VECTOR}, false, x.published_at,
            x.version
        FROM jsonb_to_recordset(%s::jsonb) AS x(product_id uuid, merchant text, slug text,
            title text, localized_titles jsonb, all_titles text, brand text, body jsonb, card text,
            category_ids uuid[], facet_values text[], titles jsonb, prose jsonb, published_at timestamptz, version int)
        ON CONFLICT (product_id) DO UPDATE SET merchant = excluded.merchant, slug = excluded.slug,
            title = excluded.title, localized_titles = excluded.localized_titles,
            all_titles = excluded.all_titles, brand = excluded.brand, body = excluded.body,
            card = excluded.card,
            category_ids = excluded.category_ids, facet_values = excluded.facet_values,
            vector = excluded.vector, published_at = excluded.published_at,
            version = excluded.version
        """,
        [_json(rows)],
    )


def delete_documents(product_ids: Collection[UUID]) -> None:
    _run("DELETE FROM search_document WHERE product_id = ANY(%s)", [list(product_ids)])


def upsert_skus(rows: Sequence[dict[str, Any]]) -> None:
    _run(
        """
        INSERT INTO search_sku (sku_id, product_id, active)
        SELECT x.sku_id, x.product_id, x.active
        FROM jsonb_to_recordset(%s::jsonb) AS x(sku_id uuid, product_id uuid, active boolean)
        ON CONFLICT (sku_id) DO UPDATE
            SET product_id = excluded.product_id, active = excluded.active
        """,
        [_json(rows)],
    )


def upsert_offers(rows: Sequence[dict[str, Any]], *, now: datetime) -> None:
    _run(
        """
        INSERT INTO search_offer (price_id, sku_id, channel, currency, amount_minor,
            compare_at_minor, min_quantity, priority, valid_from, valid_until, changes_at)
        SELECT x.*, CASE WHEN x.valid_from > %(now)s THEN x.valid_from
                         WHEN x.valid_until > %(now)s THEN x.valid_until END
        FROM jsonb_to_recordset(%(rows)s::jsonb) AS x(price_id uuid, sku_id uuid, channel text,
            currency text, amount_minor bigint, compare_at_minor bigint, min_quantity int,
            priority int, valid_from timestamptz, valid_until timestamptz)
        ON CONFLICT (price_id) DO UPDATE SET channel = excluded.channel,
            currency = excluded.currency, amount_minor = excluded.amount_minor,
            compare_at_minor = excluded.compare_at_minor, min_quantity = excluded.min_quantity,
            priority = excluded.priority, valid_from = excluded.valid_from,
            valid_until = excluded.valid_until, changes_at = excluded.changes_at
        """,
        {"rows": _json(rows), "now": now},
    )


def end_offers(ended: Mapping[UUID, datetime], *, now: datetime) -> set[UUID]:
    """Let others take over from these; the SKUs that they are of."""
    rows = [{"price_id": price_id, "ends": ends} for price_id, ends in ended.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE search_offer o SET valid_until = x.ends,
                changes_at = CASE WHEN o.valid_from > %(now)s THEN o.valid_from
                                  WHEN x.ends > %(now)s THEN x.ends END
            FROM jsonb_to_recordset(%(rows)s::jsonb) AS x(price_id uuid, ends timestamptz)
            WHERE o.price_id = x.price_id AND (o.valid_until IS NULL OR o.valid_until > x.ends)
            RETURNING o.sku_id
            """,
            {"rows": _json(rows), "now": now},
        )
        return {sku_id for (sku_id,) in cursor.fetchall()}


def upsert_stock(rows: Sequence[dict[str, Any]]) -> None:
    _run(
        """
        INSERT INTO search_stock (sku_id, available)
        SELECT x.sku_id, x.available
        FROM jsonb_to_recordset(%s::jsonb) AS x(sku_id uuid, available bigint)
        ON CONFLICT (sku_id) DO UPDATE SET available = excluded.available
        """,
        [_json(rows)],
    )


def upsert_categories(rows: Sequence[dict[str, Any]]) -> None:
    _run(
        """
        INSERT INTO search_category (category_id, parent_id, name, names, slug, path,
            ancestor_ids, position)
        SELECT x.* FROM jsonb_to_recordset(%s::jsonb) AS x(category_id uuid, parent_id uuid,
            name text, names jsonb, slug text, path text, ancestor_ids uuid[], position int)
        ON CONFLICT (category_id) DO UPDATE SET parent_id = excluded.parent_id,
            name = excluded.name, names = excluded.names, slug = excluded.slug,
            path = excluded.path, ancestor_ids = excluded.ancestor_ids,
            position = excluded.position
        """,
        [_json(rows)],
    )


def delete_categories(category_ids: Collection[UUID]) -> None:
    _run("DELETE FROM search_category WHERE category_id = ANY(%s)", [list(category_ids)])


def products_of(sku_ids: Collection[UUID]) -> set[UUID]:
    """The products of these SKUs, as far as they are known yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT product_id FROM search_sku WHERE sku_id = ANY(%s)", [list(sku_ids)]
        )
        return {product_id for (product_id,) in cursor.fetchall()}


def refresh_listings(product_ids: Collection[UUID], *, now: datetime) -> None:
    """Recompute the lowest price of each product in each channel and currency, and where it stands."""
    _run("DELETE FROM search_listing WHERE product_id = ANY(%s)", [list(product_ids)])
    _run("DELETE FROM search_shelf WHERE product_id = ANY(%s)", [list(product_ids)])
    _run(
        f"""
        WITH skus AS (
            SELECT s.sku_id, s.product_id FROM search_sku s
            JOIN search_document d USING (product_id)
            WHERE s.product_id = ANY(%(products)s) AND s.active
        ), offers AS ({CURRENT_OFFERS.format(where="o.sku_id IN (SELECT sku_id FROM skus)")})
        INSERT INTO search_listing (product_id, channel, currency, amount_minor,
            compare_at_minor, highest_minor)
        SELECT skus.product_id, o.channel, o.currency, min(o.amount_minor),
            (array_agg(o.compare_at_minor ORDER BY o.amount_minor, o.sku_id))[1],
            max(o.amount_minor)
        FROM offers o JOIN skus USING (sku_id)
        GROUP BY 1, 2, 3
        """,
        {"products": list(product_ids), "now": now},
    )
    _run(
        """
        INSERT INTO search_shelf (category_id, channel, currency, product_id, amount_minor,
            compare_at_minor, highest_minor, published_at, title)
        SELECT DISTINCT up.category_id, l.channel, l.currency, l.product_id, l.amount_minor,
            l.compare_at_minor, l.highest_minor, d.published_at, d.title
        FROM search_listing l JOIN search_document d USING (product_id)
        JOIN search_category c ON c.category_id = ANY(d.category_ids)
        CROSS JOIN LATERAL unnest(c.ancestor_ids || c.category_id) AS up(category_id)
        WHERE l.product_id = ANY(%s)
        """,
        [list(product_ids)],
    )


def refresh_in_stock(product_ids: Collection[UUID]) -> None:
    _run(
        """
        UPDATE search_document d SET in_stock = fresh.in_stock
        FROM (
            SELECT p.product_id, EXISTS (
                SELECT 1 FROM search_sku s JOIN search_stock t USING (sku_id)
                WHERE s.product_id = p.product_id AND s.active AND t.available > 0) AS in_stock
            FROM unnest(%s::uuid[]) AS p(product_id)
        ) fresh
        WHERE d.product_id = fresh.product_id AND d.in_stock <> fresh.in_stock
        """,
        [list(product_ids)],
    )


def take_due_products(*, now: datetime, limit: int) -> set[UUID]:
    """Products with an offer that began or ended since it was last looked at."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH due AS (
                SELECT price_id FROM search_offer WHERE changes_at <= %(now)s
                ORDER BY changes_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
            ), turned AS (
                UPDATE search_offer o
                SET changes_at = CASE WHEN o.valid_until > %(now)s THEN o.valid_until END
                FROM due WHERE o.price_id = due.price_id RETURNING o.sku_id
            )
            SELECT DISTINCT s.product_id FROM turned JOIN search_sku s USING (sku_id)
            """,
            {"now": now, "limit": limit},
        )
        return {product_id for (product_id,) in cursor.fetchall()}
