"""The storefront: what a shopper's browser asks for."""

import hashlib
from http.client import NOT_MODIFIED
from typing import Any
from uuid import UUID

import orjson
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from apps.search import services
from apps.search.rest import serializers as wire
from apps.search.types import NEWEST, RELEVANCE, Market, Results, SearchProducts
from ecommerce.clock import now
from ecommerce.http import (
    APIView,
    OkJson,
    ReadyView,
    page_of,
    problem_responses,
    read_body,
    read_query,
)
from ecommerce.http.pagination import page_links, tell_links
from ecommerce.http.wire import to_json
from ecommerce.operations.metrics import PRODUCT_CACHE

PAGE_SIZE = 24
_PAGING = [
    OpenApiParameter("cursor", str, description="From `next` or `previous` of a page."),
    OpenApiParameter("pageSize", int, description="1 to 100."),
]


class CatalogView(ReadyView):
    """A page of the catalogue."""

    throttle_scope = "browse"

    @extend_schema(
        operation_id="browseCatalog",
        tags=["storefront"],
        parameters=[wire.CatalogIn, *_PAGING],
        responses={200: wire.ResultsOut, **problem_responses(422)},
    )
    def get(self, request: Request) -> OkJson:
        asked = read_query(request, wire.CatalogIn)
        brand = asked.pop("brand")
        filters = {"brand": (brand,)} if brand else {}
        return _page(request, asked | {"query": asked.pop("q"), "filters": filters})


class SearchView(APIView):
    """A search with filters and facets. Follow ``next`` with the same body."""

    throttle_scope = "browse"

    @extend_schema(
        operation_id="searchProducts",
        tags=["storefront"],
        parameters=_PAGING,
        request=wire.SearchIn,
        responses={200: wire.ResultsOut, **problem_responses(422)},
    )
    def post(self, request: Request) -> OkJson:
        return _page(request, read_body(request, wire.SearchIn))


class ProductPageView(ReadyView):
    """A product as a shopper sees it, by id or slug."""

    throttle_scope = "browse"

    @extend_schema(
        operation_id="showStorefrontProduct",
        tags=["storefront"],
        parameters=[wire.MarketIn],
        responses={200: wire.ProductPageOut, **problem_responses(404, 422)},
    )
    def get(self, request: Request, id: str) -> OkJson:
        market = Market(**read_query(request, wire.MarketIn))
        body = to_json(services.product_page(**_which(id), market=market, now=now()))
        etag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        answer = OkJson(body, request=request, etag=etag, cache_control="public, max-age=5")
        PRODUCT_CACHE.labels("hit" if answer.status_code == NOT_MODIFIED else "miss").inc()
        return answer


class SuggestionsView(ReadyView):
    """Completions of what was typed so far."""

    throttle_scope = "browse"

    @extend_schema(
        operation_id="suggest",
        tags=["storefront"],
        parameters=[wire.SuggestionsIn],
        responses={200: wire.SuggestionsOut, **problem_responses(422)},
    )
    def get(self, request: Request) -> OkJson:
        asked = read_query(request, wire.SuggestionsIn)
        typed = asked.pop("q")
        found = services.suggest(typed, market=Market(**asked))
        return OkJson(to_json({"suggestions": found}))


def _page(request: Request, asked: dict[str, Any]) -> OkJson:
    text = asked["query"].strip()
    sort = asked.get("sort") or (RELEVANCE if text else NEWEST)
    order = (sort, "product_id")
    page = page_of(request, default=PAGE_SIZE, order=order)
    market = Market(channel=asked["channel"], currency=asked["currency"], locale=asked["locale"])
    results = services.search_products(
        SearchProducts(
            market=market,
            text=text,
            category=asked["category"],
            filters={name: tuple(values) for name, values in asked["filters"].items() if values},
            min_price_minor=asked.get("min_price_minor"),
            max_price_minor=asked.get("max_price_minor"),
            in_stock=asked["in_stock"],
            sort=sort,
            size=page.size,
            after=page.after,
            backwards=page.backwards,
            with_facets=asked["facets"],
        )
    )
    links = page_links(
        request, ends=_ends(results, sort), more=results.more, order=order, page=page
    )
    body: dict[str, Any] = {"results": orjson.Fragment(results.hits.json), **links}
    if results.total is not None:
        body |= {
            "total": results.total,
            "totalIsExact": results.exact,
            "facets": wire.facets_json(results),
        }
    answer = OkJson(to_json(body))
    tell_links(answer, links)
    return answer


def _ends(results: Results, sort: str) -> tuple[Any, Any] | None:
    """The first and the last hit, as far as the links need them."""
    first, last = (
        place and {sort.lstrip("-"): place[0], "product_id": place[1]}
        for place in (results.hits.first, results.hits.last)
    )
    return (first, last) if first else None


def _which(id_or_slug: str) -> dict[str, Any]:
    try:
        return {"product_id": UUID(id_or_slug)}
    except ValueError:
        return {"slug": id_or_slug}
