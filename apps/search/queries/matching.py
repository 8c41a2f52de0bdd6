"""Which documents a search means: found by index, weighed by how near they are to the text."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from apps.search.domain.texts import place_name
from apps.search.queries.counting import OF_CATEGORY
from apps.search.queries.projecting import CONFIGURATIONS
from apps.search.types import Market, SearchProducts
from ecommerce.locales import OWN_PLACE, text_places

# How near a hit is: a whole word of it, a part of a word of its title, or something that sounds like it.
_WORD, _PART, _SOUND = 2, 1, 0
_RANK = """
    n.nearness * 1e7::bigint
    + (1e6 * (ts_rank_cd(d.vector, {query}, 32) + word_similarity(%(text)s, shown.title)))::bigint
"""
MOST_WORDS = 8
MOST_SOUNDING = 1_000
"""So many titles that only sound like the text are weighed; where there are more, they are much alike."""


class Crowd(NamedTuple):
    """Of the many documents that have all words, those no older than this one; all where none is named."""

    published_at: datetime | None = None
    product_id: UUID | None = None


EVERYBODY = Crowd()


def rank_of(search: SearchProducts) -> str:
    """The number that hits are sorted by: whole words before parts, parts before what sounds like it."""
    return _RANK.format(query=text_query(search.market)) if search.text else "0"


def text_query(market: Market) -> str:
    """What documents with the words of ``%(text)s`` match."""
    stemmed = CONFIGURATIONS.get(market.locale.split("-")[0], "english")
    return (
        f"(websearch_to_tsquery('{stemmed}', %(text)s) || websearch_to_tsquery('simple', %(text)s))"
    )


def shown_title(market: Market) -> tuple[str, dict[str, str]]:
    """A document's title as shoppers of the market read it."""
    places = [p for p in text_places(market.locale, market.channel) if p != OWN_PLACE]
    names = {f"place_{n}": place_name(place) for n, place in enumerate(places)}
    titles = [f"d.localized_titles ->> %({name})s" for name in names]
    return f"coalesce({', '.join([*titles, 'd.title'])})", names


def _parts(text: str) -> dict[str, str]:
    """A pattern for each word; none where all are so short that they are a part of everything."""
    words = text.replace('"', " ").split()[:MOST_WORDS]
    if all(len(word) < 3 for word in words):
        return {}
    return {f"part_{n}": f"%{escaped(word)}%" for n, word in enumerate(words)}


def _near(search: SearchProducts) -> tuple[str, str, dict[str, str]]:
    """What to join to know how near a document is, the condition to be a candidate, and parameters.

    The candidates are found over the titles of all locales; the title that is shown decides. Each way is
    asked by itself, because for all of them in one OR PostgreSQL reads the whole table; what only sounds
    like the text is not looked for where anything has the text. OFFSET 0 keeps it from working out the
    nearness again in each place that uses it.
    """
    shown, names = shown_title(search.market)
    parts = _parts(search.text)
    within, shown_within = (
        " AND ".join(f"{title} ILIKE %({name})s" for name in parts) or "false"
        for title in ("all_titles", "shown.title")
    )
    words = f"d.vector @@ {text_query(search.market)}"
    join = f"""
        CROSS JOIN LATERAL (SELECT {shown} AS title) shown
        CROSS JOIN LATERAL (SELECT CASE WHEN {words} THEN {_WORD} WHEN {shown_within} THEN {_PART}
            WHEN %(text)s <%% shown.title THEN {_SOUND} END AS nearness OFFSET 0) n
    """
    has_it = " UNION ".join(
        f"SELECT product_id FROM search_document WHERE {way}"
        for way in (f"vector @@ {text_query(search.market)}", within)
    )
    found = f"""
        WITH has_it AS MATERIALIZED ({has_it})
        SELECT product_id FROM has_it
        UNION ALL
        (SELECT product_id FROM search_document
        WHERE NOT EXISTS (SELECT FROM has_it) AND %(text)s <%% all_titles LIMIT {MOST_SOUNDING})
    """
    return join, f"d.product_id IN ({found}) AND n.nearness IS NOT NULL", names | parts


def _in_crowd(search: SearchProducts, crowd: Crowd) -> tuple[str, str, dict[str, Any]]:
    """As _near, of what has all words and is among the newest."""
    shown, names = shown_title(search.market)
    join = f"""
        CROSS JOIN LATERAL (SELECT {shown} AS title) shown CROSS JOIN (VALUES ({_WORD})) AS n(nearness)
    """
    condition = f"d.vector @@ {text_query(search.market)}"
    if crowd == EVERYBODY:
        return join, condition, names
    return (
        join,
        f"{condition} AND (d.published_at, d.product_id) >= (%(not_before)s, %(not_before_id)s)",
        {**names, "not_before": crowd.published_at, "not_before_id": crowd.product_id},
    )


def matching(
    search: SearchProducts, columns: str, *, within: Crowd | None = None
) -> tuple[str, dict[str, Any]]:
    """The common table ``base`` of all that the search asks, except its facet filters.

    What only sounds like the text is in it where nothing has the text itself. ``within`` a crowd only what
    has all words is.
    """
    where = ["l.channel = %(channel)s", "l.currency = %(currency)s", "d.merchant = %(merchant)s"]
    join = ""
    near: dict[str, str] = {}
    if within is not None:
        join, candidate, near = _in_crowd(search, within)
        where.append(candidate)
    elif search.text:
        join, candidate, near = _near(search)
        where.append(candidate)
    listing = "search_listing"
    if search.category:
        listing = "search_shelf"
        where.append(f"l.category_id = ({OF_CATEGORY})")
    if search.min_price_minor is not None:
        where.append("l.amount_minor >= %(min_price)s")
    if search.max_price_minor is not None:
        where.append("l.amount_minor <= %(max_price)s")
    if search.in_stock:
        where.append("d.in_stock")
    parameters = {
        "channel": search.market.channel,
        "currency": search.market.currency,
        "merchant": search.market.merchant,
        "text": search.text,
        "category": search.category.strip("/"),
        "min_price": search.min_price_minor,
        "max_price": search.max_price_minor,
    }
    rows = f"""
        FROM search_document d JOIN {listing} l USING (product_id) {join}
        WHERE {" AND ".join(where)}
    """
    if within is not None or not search.text:
        return f"base AS (SELECT {columns} {rows})", parameters | near
    sql = f"""
        matched AS (SELECT {columns}, n.nearness {rows}),
        base AS (SELECT * FROM matched WHERE nearness > {_SOUND}
            OR NOT EXISTS (SELECT FROM matched WHERE nearness > {_SOUND}))
    """
    return sql, parameters | near


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
