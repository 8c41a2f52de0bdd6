"""Words that very many products have: whom of the crowd to look at, so that a search costs what its page is worth.

To rank a hit costs some 20 µs, and a word that every twentieth of a million products has would be ranked for
seconds. Search engines stop early for that reason; so does this, which looks at the newest first.
"""

from collections.abc import Iterator

import orjson
from django.db import connection

from apps.search.queries.matching import EVERYBODY, Crowd, text_query
from apps.search.types import SearchProducts
from ecommerce.sql import fetch_all
from ecommerce.ttl_cache import TtlCache

RANKED = 1_000
"""About so many hits are looked at; where there are not many more, all are."""
_CROWDED = 2 * RANKED
_WIDER = 8
_SURELY = 50
"""That a fiftieth of the documents has a word is only thought of words that the statistics know."""
_documents: TtlCache[str, int] = TtlCache(seconds=60)


def crowds(search: SearchProducts, *, ranked: bool) -> Iterator[Crowd | None]:
    """Where to look for the hits of a search, wider each time; None is everywhere, for whatever is like the text.

    ``ranked`` hits are looked for among the newest; others in the order of an index, all of which is read
    where none is found: so those only where the words are surely common.
    """
    if search.text and (documents := _documents.get("", _count)) > _CROWDED:
        hits = _expected(search)
        if hits * _SURELY > documents:
            yield from _windows(documents, RANKED * documents // hits) if ranked else [EVERYBODY]
        elif ranked and _counted(search) > _CROWDED:
            yield from _windows(documents, documents // max(_SURELY, hits // RANKED))
    yield None


def _windows(documents: int, first: int) -> Iterator[Crowd]:
    newest = first
    while newest < documents:
        rows = fetch_all(
            "SELECT published_at, product_id FROM search_document"
            " ORDER BY published_at DESC, product_id DESC OFFSET %(newest)s LIMIT 1",
            newest=newest,
        )
        if rows:
            yield Crowd(*rows[0])
        newest *= _WIDER
    yield EVERYBODY


def _count() -> int:
    """About; as the statistics have it."""
    ((rows,),) = fetch_all(
        "SELECT reltuples::bigint FROM pg_class WHERE oid = 'search_document'::regclass"
    )
    return int(rows)


def _expected(search: SearchProducts) -> int:
    """How many documents have the words, as the planner's statistics have it, which think words independent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (FORMAT JSON) SELECT FROM search_document d"
            f" WHERE d.vector @@ {text_query(search.market)}",
            {"text": search.text},
        )
        (plan,) = cursor.fetchone()
    told = orjson.loads(plan) if isinstance(plan, str) else plan
    return int(told[0]["Plan"]["Plan Rows"])


def _counted(search: SearchProducts) -> int:
    """How many documents have the words; not counted further than the first that make a crowd."""
    ((hits,),) = fetch_all(
        "SELECT count(*) FROM (SELECT FROM search_document d"
        f" WHERE d.vector @@ {text_query(search.market)} LIMIT %(most)s) found",
        text=search.text,
        most=_CROWDED + 1,
    )
    return int(hits)
