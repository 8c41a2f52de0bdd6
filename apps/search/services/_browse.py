"""Finding products, and showing one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from apps.search.domain.facets import by_facet
from apps.search.domain.texts import localize, name_in
from apps.search.errors import ProductNotOnSale, UnknownSort
from apps.search.queries import browsing
from apps.search.queries.counting import kept_counts
from apps.search.queries.crowding import crowds
from apps.search.queries.matching import EVERYBODY, Crowd
from apps.search.types import (
    RELEVANCE,
    SORTS,
    FacetValue,
    Hits,
    Market,
    Results,
    SearchProducts,
    Suggestion,
)

MOST_VALUES = 50
Count = tuple[str | None, str | None, int]
"""A facet's value, its label and how many hits have it; without a value, all of them."""


def search_products(search: SearchProducts) -> Results:
    """One page of hits in keyset order, and facets over all hits when asked for.

    One statement, two with facets; some more for a text in a large shop. Where very many products have its
    words, the newest of them are ranked and counted, and ``exact`` is false. Raises UnknownSort.
    """
    if search.sort and search.sort not in SORTS:
        raise UnknownSort(f"Sort by one of {', '.join(SORTS)}.", sort=search.sort)
    within, hits = _found(search)
    counts, counted = _counts(search, within, hits.found) if search.with_facets else ([], within)
    return Results(
        sort=browsing.sort_of(search),
        hits=hits,
        more=hits.found > search.size,
        total=_total(counts),
        exact=counted in (None, EVERYBODY),
        facets=_facets(counts, search),
    )


def _found(search: SearchProducts) -> tuple[Crowd | None, Hits]:
    """The hits, and the crowd that they are of where there are so many.

    Among everybody with all words, what is less than a page is all there is; what is merely like the text
    is looked for only where that is nothing.
    """
    for within in crowds(search, ranked=browsing.sort_of(search) == RELEVANCE):
        hits = browsing.find_hits(search, within=within)
        if within is None or hits.found > search.size or (hits.found and within == EVERYBODY):
            break
    return within, hits


def _counts(
    search: SearchProducts, within: Crowd | None, least: int
) -> tuple[list[Count], Crowd | None]:
    """The counts, and the crowd that was counted: one that has at least the hits that are shown."""
    if not search.narrows:
        return kept_counts(search.market, category=search.category, most=MOST_VALUES), None
    if within != EVERYBODY:
        return browsing.count_facets(search, within=within), within
    for within in crowds(search, ranked=True):
        counts = browsing.count_facets(search, within=within)
        if within == EVERYBODY or (_total(counts) or 0) >= least:
            break
    return counts, within


def _total(counts: list[Count]) -> int | None:
    return next((count for value, _, count in counts if value is None), None)


def product_page(
    *, product_id: UUID | None = None, slug: str | None = None, market: Market, now: datetime
) -> dict[str, Any]:
    """A published product with its live price and stock, as ready camelCase JSON. One statement.

    Prices are in minor units of the market's currency; a SKU that has none there has
    ``price: null`` and cannot be bought. Raises ProductNotOnSale.
    """
    found = browsing.find_page(market, product_id=product_id, slug=slug, now=now)
    if found is None:
        raise ProductNotOnSale
    body, trails, offers = (_loaded(value) for value in found)
    page = localize(body, body.pop("texts"), locale=market.locale, channel=market.channel)
    page["skus"] = [_offered(sku, offers.get(sku["skuId"]), market) for sku in page["skus"]]
    page["breadcrumbs"] = [[_crumb(one, market) for one in trail] for trail in trails]
    page["inStock"] = any(sku["available"] > 0 for sku in page["skus"])
    return page


def suggest(text: str, *, market: Market, limit: int = 8) -> tuple[Suggestion, ...]:
    """Products, categories and brands for what was typed so far, best first. One statement."""
    wanted = text.strip()
    if not wanted:
        return ()
    rows = browsing.complete(wanted, market=market, limit=limit)
    return tuple(Suggestion(kind=kind, text=label, target=target) for kind, label, target in rows)


def _loaded(value: Any) -> Any:
    """jsonb from a bare cursor: Django keeps psycopg from decoding it."""
    return orjson.loads(value)


def _offered(
    sku: Mapping[str, Any], offer: Mapping[str, Any] | None, market: Market
) -> dict[str, Any]:
    offer = offer or {"amount": None, "compareAt": None, "available": 0}
    return {
        **sku,
        "price": _money(offer["amount"], market),
        "compareAtPrice": _money(offer["compareAt"], market),
        "available": offer["available"],
    }


def _money(amount: int | None, market: Market) -> dict[str, Any] | None:
    return None if amount is None else {"amount": amount, "currency": market.currency}


def _crumb(one: Mapping[str, Any], market: Market) -> dict[str, Any]:
    name = name_in(one["names"], one["name"], locale=market.locale)
    return {"categoryId": one["categoryId"], "name": name, "path": one["path"]}


def _facets(counts: list[Count], search: SearchProducts) -> Mapping[str, tuple[FacetValue, ...]]:
    labels = {value: label for value, label, _ in counts if value and label}
    grouped = by_facet(((value, count) for value, _, count in counts if value), most=MOST_VALUES)
    return {
        facet: tuple(
            FacetValue(
                value=value,
                label=labels.get(f"{facet}:{value}", value),
                count=count,
                selected=value in search.filters.get(facet, ()),
            )
            for value, count in values
        )
        for facet, values in grouped.items()
    }
