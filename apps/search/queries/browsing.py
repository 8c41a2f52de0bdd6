"""Reading the storefront: one statement for a page of hits, one for facets, one for a product."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from apps.search.domain.facets import CATEGORY
from apps.search.queries.counting import EVERYTHING
from apps.search.queries.matching import Crowd, escaped, matching, rank_of, shown_title
from apps.search.queries.projecting import CURRENT_OFFERS
from apps.search.types import (
    NEWEST,
    PRICE_DOWN,
    PRICE_UP,
    RELEVANCE,
    TITLE,
    Hits,
    Market,
    Place,
    SearchProducts,
)
from ecommerce.sql import fetch_all

# Sort key, its SQL type, and whether it descends; the product id settles ties the same way.
_SORTS = {
    RELEVANCE: ("rank", "bigint", True),
    NEWEST: ("published_at", "timestamptz", True),
    PRICE_UP: ("amount_minor", "bigint", False),
    PRICE_DOWN: ("amount_minor", "bigint", True),
    TITLE: ("title", "text", False),
}
_SIZES = (20, 24, 50, 100)
"""So many hits are read, the fewest that are enough."""
_READ: dict[str, Callable[[str], Any]] = {
    "bigint": int,
    "timestamptz": datetime.fromisoformat,
    "text": str,
}

# A process of the release before, still at work while this one is rolled out, keeps no cards.
_CARD = """coalesce(nullif(d.card, ''), left(jsonb_build_object(
    'productId', d.product_id, 'slug', d.slug, 'brand', d.brand, 'productType', d.body->'productType',
    'tags', d.body->'tags', 'seller', d.body->'seller',
    'image', coalesce(d.body #> '{media,0}', 'null'))::text, -1))"""


def sort_of(search: SearchProducts) -> str:
    return search.sort or (RELEVANCE if search.text else NEWEST)


def _selections(search: SearchProducts) -> tuple[dict[str, str], dict[str, Any]]:
    """A condition on ``facet_values`` for each facet that is filtered by."""
    conditions, parameters = {}, {}
    for number, (facet, values) in enumerate(sorted(search.filters.items())):
        conditions[facet] = f"facet_values && %(filter_{number})s::text[]"
        parameters[f"filter_{number}"] = [f"{facet}:{value}" for value in values]
    return conditions, parameters


def find_hits(search: SearchProducts, *, within: Crowd | None = None) -> Hits:
    """The page in the order asked for; backwards, it is those nearest before the cursor.

    PostgreSQL writes the JSON: rendering the rows cost more than finding them. The limit is part of the
    statement, because a plan for any limit looks dear, and so each page would be planned anew; one of few,
    so that whoever asks for every size drives no other plan away.
    """
    key, kind, descending = _SORTS[sort_of(search)]
    shown, names = shown_title(search.market)
    rank = rank_of(search)
    conditions, filters = _selections(search)
    wanted = " AND ".join(f"d.{condition}" for condition in conditions.values()) or "true"
    # A category's shelf keeps what its lists are sorted by, so that an index has them in that order.
    of = "l" if search.category and not search.text else "d"
    base, parameters = matching(
        search,
        f"""d.product_id, l.amount_minor, l.highest_minor, l.compare_at_minor, d.in_stock,
            {of}.published_at, {of}.title, {rank} AS rank, {wanted} AS wanted""",
        within=within,
    )
    comparison, direction = ("<", "DESC") if descending != search.backwards else (">", "ASC")
    seen = ""
    if search.after is not None:
        seen = f"AND ({key}, product_id) {comparison} (%(after)s::{kind}, %(after_id)s::uuid)"
        parameters |= {"after": search.after[0], "after_id": search.after[1]}
    limit = 1 + min((size for size in _SIZES if size >= search.size), default=int(search.size))
    sql = f"""
        WITH {base}, page AS (
            SELECT * FROM base WHERE wanted {seen}
            ORDER BY {key} {direction}, product_id {direction} LIMIT {limit}
        )
        SELECT {_CARD} || ',"title":' || to_json({shown})
                || ',"price":{{"amount":' || page.amount_minor || %(money)s
                || ',"highestPrice":{{"amount":' || page.highest_minor || %(money)s
                || ',"compareAtPrice":'
                || coalesce('{{"amount":' || page.compare_at_minor || %(money)s, 'null')
                || ',"inStock":' || CASE WHEN page.in_stock THEN 'true}}' ELSE 'false}}' END,
            page.{key}::text, page.product_id::text
        FROM page JOIN search_document d USING (product_id)
        ORDER BY page.{key} {direction}, page.product_id {direction}
    """
    money = f',"currency":{orjson.dumps(search.market.currency).decode()}}}'
    parameters |= filters | names | {"money": money}
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    page = rows[search.size - 1 :: -1] if search.backwards else rows[: search.size]
    # A listing that the release before wrote last may not say yet when its product was published.
    placed = [row for row in page if row[1] is not None]
    return Hits(
        json=f"[{','.join(hit for hit, *_ in page)}]",
        found=len(rows),
        first=_place(placed[0], kind) if placed else None,
        last=_place(placed[-1], kind) if placed else None,
    )


def _place(row: tuple[str, str, str], kind: str) -> Place:
    """Where a hit stands. Only the ends are read: of a page's every row it took longer than the query."""
    _, key, product_id = row
    return _READ[kind](key), UUID(product_id)


def count_facets(
    search: SearchProducts, *, within: Crowd | None = None
) -> list[tuple[str | None, str | None, int]]:
    """(facet_value, label, count); the row without a facet value counts all hits.

    A facet that is filtered by is counted as if it were not, so that its other values
    can be added to the choice.
    """
    base, parameters = matching(
        search, "d.product_id, d.facet_values, d.category_ids", within=within
    )
    conditions, filters = _selections(search)
    everything = " AND ".join(conditions.values()) or "true"
    arms = [
        f"SELECT NULL::text, NULL::text, count(*) FROM base WHERE {everything}",
        f"""SELECT value, NULL, count(*) FROM base, unnest(facet_values) value
            WHERE {everything} AND split_part(value, ':', 1) <> ALL(%(selected)s) GROUP BY 1""",
        f"""SELECT '{CATEGORY}:' || within.up, named.name, count(*)
            FROM (
                SELECT DISTINCT base.product_id, unnest(c.ancestor_ids || c.category_id) AS up
                FROM base, unnest(base.category_ids) AS of(category_id)
                JOIN search_category c USING (category_id) WHERE {everything}
            ) within LEFT JOIN search_category named ON named.category_id = within.up
            GROUP BY 1, 2""",
    ]
    for facet in conditions:
        others = " AND ".join(c for name, c in conditions.items() if name != facet) or "true"
        number = sorted(conditions).index(facet)
        parameters[f"facet_{number}"] = facet
        arms.append(
            f"""SELECT value, NULL, count(*) FROM base, unnest(facet_values) value
                WHERE {others} AND split_part(value, ':', 1) = %(facet_{number})s GROUP BY 1"""
        )
    sql = f"WITH {base} {' UNION ALL '.join(arms)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters | filters | {"selected": list(conditions)})
        counts: list[tuple[str | None, str | None, int]] = cursor.fetchall()
        return counts


def find_page(
    market: Market, *, product_id: UUID | None, slug: str | None, now: datetime
) -> tuple[Any, ...] | None:
    """(body, breadcrumb trails, offers by SKU) of one published product, live price and stock in it."""
    which = "d.product_id = %(product_id)s" if product_id else "d.slug = %(slug)s"
    offers = CURRENT_OFFERS.format(
        where="o.sku_id = s.sku_id AND o.channel = %(channel)s AND o.currency = %(currency)s"
    )
    sql = f"""
        SELECT d.body,
            (SELECT coalesce(jsonb_agg(trail.crumbs), '[]') FROM (
                SELECT (SELECT jsonb_agg(jsonb_build_object('categoryId', up.category_id,
                        'name', up.name, 'names', up.names, 'path', up.path)
                        ORDER BY length(up.path))
                    FROM search_category up
                    WHERE up.category_id = c.category_id OR up.category_id = ANY(c.ancestor_ids)
                ) AS crumbs
                FROM search_category c WHERE c.category_id = ANY(d.category_ids) ORDER BY c.path
            ) trail),
            (SELECT coalesce(jsonb_object_agg(s.sku_id, jsonb_build_object(
                    'amount', o.amount_minor, 'compareAt', o.compare_at_minor,
                    'available', coalesce(t.available, 0))), '{{}}')
                FROM search_sku s
                LEFT JOIN LATERAL ({offers}) o ON true
                LEFT JOIN search_stock t ON t.sku_id = s.sku_id
                WHERE s.product_id = d.product_id AND s.active)
        FROM search_document d WHERE d.merchant = %(merchant)s AND {which}
    """
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "channel": market.channel,
                "currency": market.currency,
                "merchant": market.merchant,
                "product_id": product_id,
                "slug": slug,
                "now": now,
            },
        )
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found


CONSIDERED = 500
"""So many titles that hold what was typed are compared; where there are more, they are much alike."""
# Titles that begin with what was typed come from an index, in order. Only where they are too few is
# looked for it within all titles, and for what sounds like it.
_COMPLETIONS = """
    WITH begun AS MATERIALIZED (
        SELECT slug, shown.title FROM search_document d
        CROSS JOIN LATERAL (SELECT {shown} AS title) shown
        WHERE merchant = %(merchant)s AND lower(d.title) LIKE lower(%(start)s)
            AND shown.title ILIKE %(start)s
        ORDER BY lower(d.title) LIMIT %(limit)s
    )
    SELECT kind, label, target FROM (
        SELECT 'product' AS kind, title AS label, slug AS target,
            word_similarity(%(text)s, title) AS score
        FROM begun
        UNION
        (SELECT 'product', shown.title, slug, word_similarity(%(text)s, shown.title) AS score
        FROM (
            SELECT * FROM search_document
            WHERE (SELECT count(*) FROM begun) < %(limit)s AND merchant = %(merchant)s
                AND (all_titles ILIKE %(anywhere)s OR %(text)s <%% all_titles)
            LIMIT %(considered)s
        ) d CROSS JOIN LATERAL (SELECT {shown} AS title) shown
        WHERE shown.title ILIKE %(anywhere)s OR %(text)s <%% shown.title
        ORDER BY score DESC LIMIT %(limit)s)
        UNION ALL
        (SELECT 'category', name, path, word_similarity(%(text)s, name) FROM search_category
        WHERE name ILIKE %(anywhere)s OR %(text)s <%% name
        ORDER BY 4 DESC LIMIT %(limit)s)
        UNION ALL
        (SELECT 'brand', value, value, word_similarity(%(text)s, value) FROM search_facetcount
        WHERE merchant = %(merchant)s AND channel = %(channel)s AND currency = %(currency)s
            AND category_id = %(everything)s AND facet = 'brand' AND value ILIKE %(start)s
        ORDER BY 4 DESC, count DESC LIMIT %(limit)s)
    ) found
    ORDER BY (label ILIKE %(start)s) DESC, score DESC, label, kind, target LIMIT %(limit)s
"""


def complete(text: str, *, market: Market, limit: int) -> list[tuple[str, str, str]]:
    """(kind, text, target) of what begins with, or sounds like, what was typed; best first.

    Brands are those that the market sells.
    """
    shown, names = shown_title(market)
    return fetch_all(
        _COMPLETIONS.format(shown=shown),
        **names,
        text=text,
        start=f"{escaped(text)}%",
        anywhere=f"%{escaped(text)}%",
        merchant=market.merchant,
        channel=market.channel,
        currency=market.currency,
        everything=EVERYTHING,
        considered=CONSIDERED,
        limit=limit,
    )
