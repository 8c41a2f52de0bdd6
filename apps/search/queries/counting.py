"""The kept counts of facets: what each product adds to them, taken off and put on again around a change."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from apps.search.domain.facets import CATEGORY
from apps.search.types import Market, StorefrontChanges
from ecommerce.sql import fetch_all

EVERYTHING = UUID(int=0)
"""The category that stands for the whole market."""
COLUMNS = ("merchant", "channel", "currency", "category_id", "facet", "value")
ADDED = f"""
    SELECT d.merchant, l.channel, l.currency, within.category_id, of.facet, of.value, count(*)
    FROM search_document d JOIN search_listing l USING (product_id)
    CROSS JOIN LATERAL (
        SELECT DISTINCT up.category_id
        FROM search_category c, unnest(c.ancestor_ids || c.category_id) AS up(category_id)
        WHERE c.category_id = ANY(d.category_ids)
        UNION ALL SELECT '{EVERYTHING}'
    ) within
    CROSS JOIN LATERAL (
        SELECT '' AS facet, '' AS value
        UNION ALL
        SELECT split_part(own, ':', 1), substr(own, strpos(own, ':') + 1)
        FROM unnest(d.facet_values) own
        UNION ALL
        SELECT DISTINCT '{CATEGORY}', up.category_id::text
        FROM search_category c, unnest(c.ancestor_ids || c.category_id) AS up(category_id)
        WHERE c.category_id = ANY(d.category_ids)
    ) of
    WHERE d.product_id = ANY(%(products)s)
    GROUP BY 1, 2, 3, 4, 5, 6
"""


@contextmanager
def recounted(product_ids: Collection[UUID]) -> Iterator[None]:
    """Keep the counts right over a change of these products, their listings or their categories."""
    before = _added_by(product_ids)
    yield
    _add(_added_by(product_ids) - before)


def products_moved_by(changes: StorefrontChanges) -> set[UUID]:
    """The products of categories that are new here, gone, or have other ancestors from now on."""
    above = {key: one["ancestorIds"] for key, one in changes.categories.items()}
    above |= dict.fromkeys(changes.removed_categories)
    if not above:
        return set()
    rows = fetch_all(
        """
        SELECT d.product_id FROM search_document d WHERE d.category_ids && ARRAY(
            SELECT x.id FROM jsonb_to_recordset(%(rows)s::jsonb) AS x(id uuid, above uuid[])
            LEFT JOIN search_category c ON c.category_id = x.id
            WHERE c.ancestor_ids IS DISTINCT FROM x.above)
        """,
        rows=orjson.dumps([{"id": key, "above": ids} for key, ids in above.items()]).decode(),
    )
    return {product_id for (product_id,) in rows}


class _Counts(Counter[tuple[Any, ...]]):
    """Counts by ``COLUMNS``; a difference may be negative."""

    def __sub__(self, other: Counter[tuple[Any, ...]]) -> "_Counts":
        changed = {key: self[key] - other[key] for key in {*self, *other}}
        return _Counts({key: count for key, count in changed.items() if count})


def _added_by(product_ids: Collection[UUID]) -> _Counts:
    if not product_ids:
        return _Counts()
    return _Counts(
        {tuple(key): count for *key, count in fetch_all(ADDED, products=list(product_ids))}
    )


def _add(counts: Mapping[tuple[Any, ...], int]) -> None:
    if not counts:
        return
    names = (*COLUMNS, "count")
    rows = [dict(zip(names, (*key, count), strict=True)) for key, count in counts.items()]
    parameters = {"rows": orjson.dumps(rows).decode()}
    told = """jsonb_to_recordset(%(rows)s::jsonb) AS x(merchant text, channel text, currency text,
        category_id uuid, facet text, value text, count bigint)"""
    columns = ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO search_facetcount AS f ({columns}, count) SELECT x.* FROM {told}
            ON CONFLICT ({columns}) DO UPDATE SET count = f.count + excluded.count
            """,
            parameters,
        )
        if any(count < 0 for count in counts.values()):
            cursor.execute(
                f"""
                DELETE FROM search_facetcount f USING {told}
                WHERE ({", ".join(f"f.{name}" for name in COLUMNS)}) = ({", ".join(f"x.{name}" for name in COLUMNS)}) AND x.count < 0 AND f.count = 0
                """,
                parameters,
            )


_SCOPE = """f.merchant = %(merchant)s AND f.channel = %(channel)s AND f.currency = %(currency)s
    AND f.category_id = scope.category_id"""
_KEPT = f"""
    WITH RECURSIVE scope AS MATERIALIZED ({{scope}}), facets AS (
        (SELECT f.facet FROM scope JOIN search_facetcount f ON {_SCOPE} ORDER BY f.facet LIMIT 1)
        UNION ALL
        SELECT (SELECT f.facet FROM scope JOIN search_facetcount f ON {_SCOPE}
            WHERE f.facet > facets.facet ORDER BY f.facet LIMIT 1)
        FROM facets WHERE facets.facet IS NOT NULL
    )
    SELECT nullif(facets.facet || ':' || kept.value, ':'), c.name, kept.count
    FROM facets CROSS JOIN LATERAL (
        SELECT f.value, f.count FROM scope JOIN search_facetcount f ON {_SCOPE}
        WHERE f.facet = facets.facet ORDER BY f.count DESC, f.value LIMIT %(most)s
    ) kept
    LEFT JOIN search_category c
        ON c.category_id = CASE WHEN facets.facet = '{CATEGORY}' THEN kept.value::uuid END
"""
_OF_EVERYTHING = f"SELECT '{EVERYTHING}'::uuid AS category_id"
OF_CATEGORY = f"""
    SELECT scope.category_id FROM search_category scope
    WHERE (scope.path = %(category)s OR scope.category_id::text = %(category)s)
        AND EXISTS (SELECT FROM search_facetcount f WHERE {_SCOPE})
    LIMIT 1
"""
"""A path belongs to one category of a merchant; those of others have no counts of this market."""


def kept_counts(
    market: Market, *, category: str = "", most: int
) -> list[tuple[str | None, str | None, int]]:
    """(facet_value, label, count) over a market, or a category of it: the ``most`` frequent of each facet.

    The row without a facet value counts the products. It hops along the index from facet to facet, so
    it takes as long for a million products as for ten.
    """
    return fetch_all(
        _KEPT.format(scope=OF_CATEGORY if category else _OF_EVERYTHING),
        merchant=market.merchant,
        channel=market.channel,
        currency=market.currency,
        category=category.strip("/"),
        most=most,
    )
