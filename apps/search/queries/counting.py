"""The kept counts of facets: what each product adds to them, taken off and put on again around a change."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

import orjson
from django.db import connection

from apps.search.domain.facets import CATEGORY
from apps.search.types import Market, StorefrontChanges
from ecommerce.sql import fetch_all

_ADDED = f"""
    SELECT d.merchant, l.channel, l.currency, of.facet, of.value, count(*)
    FROM search_document d JOIN search_listing l USING (product_id) CROSS JOIN LATERAL (
        SELECT '' AS facet, '' AS value
        UNION ALL
        SELECT split_part(own, ':', 1), substr(own, strpos(own, ':') + 1)
        FROM unnest(d.facet_values) own
        UNION ALL
        SELECT DISTINCT '{CATEGORY}', up.category_id::text
        FROM search_category c JOIN search_category up
            ON up.category_id = c.category_id OR up.category_id = ANY(c.ancestor_ids)
        WHERE c.category_id = ANY(d.category_ids)
    ) of
    WHERE d.product_id = ANY(%(products)s)
    GROUP BY 1, 2, 3, 4, 5
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


class _Counts(Counter[tuple[str, ...]]):
    """Counts by (merchant, channel, currency, facet, value); a difference may be negative."""

    def __sub__(self, other: Counter[tuple[str, ...]]) -> "_Counts":
        changed = {key: self[key] - other[key] for key in {*self, *other}}
        return _Counts({key: count for key, count in changed.items() if count})


def _added_by(product_ids: Collection[UUID]) -> _Counts:
    if not product_ids:
        return _Counts()
    return _Counts(
        {tuple(key): count for *key, count in fetch_all(_ADDED, products=list(product_ids))}
    )


def _add(counts: Mapping[tuple[str, ...], int]) -> None:
    """In one order, so that two that count never wait for each other in a circle."""
    if not counts:
        return
    names = ("merchant", "channel", "currency", "facet", "value", "count")
    rows = [dict(zip(names, (*key, count), strict=True)) for key, count in sorted(counts.items())]
    parameters = {"rows": orjson.dumps(rows).decode()}
    table = """jsonb_to_recordset(%(rows)s::jsonb)
        AS x(merchant text, channel text, currency text, facet text, value text, count bigint)"""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO search_facetcount AS f (merchant, channel, currency, facet, value, count)
            SELECT x.* FROM {table}
            ON CONFLICT (merchant, channel, currency, facet, value)
                DO UPDATE SET count = f.count + excluded.count
            """,
            parameters,
        )
        cursor.execute(
            f"""
            DELETE FROM search_facetcount f USING {table}
            WHERE (f.merchant, f.channel, f.currency, f.facet, f.value)
                = (x.merchant, x.channel, x.currency, x.facet, x.value)
                AND x.count < 0 AND f.count = 0
            """,
            parameters,
        )


_MARKET = "f.merchant = %(merchant)s AND f.channel = %(channel)s AND f.currency = %(currency)s"
_KEPT = f"""
    WITH RECURSIVE facets AS (
        (SELECT f.facet FROM search_facetcount f WHERE {_MARKET} ORDER BY f.facet LIMIT 1)
        UNION ALL
        SELECT (SELECT f.facet FROM search_facetcount f
            WHERE {_MARKET} AND f.facet > facets.facet ORDER BY f.facet LIMIT 1)
        FROM facets WHERE facets.facet IS NOT NULL
    )
    SELECT nullif(facets.facet || ':' || kept.value, ':'), c.name, kept.count
    FROM facets CROSS JOIN LATERAL (
        SELECT f.value, f.count FROM search_facetcount f
        WHERE {_MARKET} AND f.facet = facets.facet
        ORDER BY f.count DESC, f.value LIMIT %(most)s
    ) kept
    LEFT JOIN search_category c
        ON c.category_id = CASE WHEN facets.facet = '{CATEGORY}' THEN kept.value::uuid END
"""


def kept_counts(market: Market, *, most: int) -> list[tuple[str | None, str | None, int]]:
    """(facet_value, label, count) over a whole market: the ``most`` frequent values of each facet.

    The row without a facet value counts all products. It hops along the index from facet to facet, so
    it takes as long for a million products as for ten.
    """
    return fetch_all(
        _KEPT,
        merchant=market.merchant,
        channel=market.channel,
        currency=market.currency,
        most=most,
    )
