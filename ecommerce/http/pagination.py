"""Lists on the wire: DRF's cursor shape, with Link (RFC 8288) saying the same."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from rest_framework.request import Request
from rest_framework.response import Response

from ecommerce.errors import Fault, Invalid
from ecommerce.http.inputs import of_query
from ecommerce.http.keyset import (
    MAX_PAGE_SIZE,
    PAGE_SIZE,
    BadCursor,
    Page,
    cursor_of,
    read_cursor,
    slice_of,
)
from ecommerce.http.serializers import Serializer, shared

__all__ = [
    "BadCursor",
    "Page",
    "keyset_page",
    "page_links",
    "page_of",
    "page_response",
    "slice_of",
    "tell_links",
]


def page_of(request: Request, *, default: int = PAGE_SIZE, order: Sequence[str] = ()) -> Page:
    """Read ``pageSize`` and ``cursor``. Raises Invalid or BadCursor."""
    return of_query(request, _page_of, default, tuple(order))


def _page_of(query: QueryDict, default: int, order: tuple[str, ...]) -> Page:
    size = _size(query.get("pageSize"), default)
    cursor = query.get("cursor")
    if not cursor:
        return Page(size=size)
    backwards, after = read_cursor(cursor, order)
    return Page(size=size, after=after, backwards=backwards)


def keyset_page(
    request: Request,
    queryset: "QuerySet[Any]",
    serializer: type[Serializer],
    order: Sequence[str] = ("-created_at", "id"),
    *,
    page_size: int = PAGE_SIZE,
    context: Mapping[str, Any] | None = None,
) -> Response:
    """One page in one SQL statement: ``results``, ``next``, ``previous`` and the Link header.

    ``order`` names columns, ``-`` for descending, in any mix; the last one is unique and none is
    null. Rows that are inserted or deleted meanwhile neither shift nor repeat the rest.
    """
    page = page_of(request, default=page_size, order=order)
    rows, more = slice_of(queryset, order=order, page=page)
    render = serializer(context=dict(context)) if context else shared(serializer)
    results = [render.to_representation(row) for row in rows]
    return page_response(request, results, rows=rows, more=more, order=order, page=page)


def page_response(
    request: Request,
    results: Any,
    *,
    rows: Sequence[Any],
    more: bool,
    order: Sequence[str],
    page: Page,
) -> Response:
    """DRF's cursor shape, with Link (RFC 8288) saying the same."""
    ends = (rows[0], rows[-1]) if rows else None
    links = page_links(request, ends=ends, more=more, order=order, page=page)
    response = Response({"results": results, **links})
    tell_links(response, links)
    return response


def page_links(
    request: Request,
    *,
    ends: tuple[Any, Any] | None,
    more: bool,
    order: Sequence[str],
    page: Page,
) -> dict[str, str | None]:
    """``next`` and ``previous`` of a page by its first and its last row; None for an empty one."""
    if ends is None:
        return {"next": None, "previous": None}
    has_next = more or page.backwards
    has_previous = more if page.backwards else page.after is not None
    first, last = ends
    return {
        "next": _link(request, last, order, backwards=False) if has_next else None,
        "previous": _link(request, first, order, backwards=True) if has_previous else None,
    }


def tell_links(response: HttpResponse, links: Mapping[str, str | None]) -> None:
    header = ", ".join(f'<{url}>; rel="{rel[:4]}"' for rel, url in links.items() if url)
    if header:
        response["Link"] = header


def _link(request: Request, row: Any, order: Sequence[str], *, backwards: bool) -> str:
    """The same question, from this row on. A cursor is as it is safe in an address."""
    asked = request.META.get("QUERY_STRING", "").encode("latin-1").split(b"&")
    kept = [one for one in asked if one and not one.startswith(b"cursor=")]
    cursor = b"cursor=" + cursor_of(row, order, backwards=backwards).encode()
    query = quote(b"&".join([*kept, cursor]), safe=_QUERY)
    return f"{request.build_absolute_uri(request.path)}?{query}"


_QUERY = "!$&'()*+,;=:@/?%"
"""What may stand in a query as it is (RFC 3986, section 3.4), and what is encoded already."""


def _size(text: str | None, default: int) -> int:
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:7]) <= MAX_PAGE_SIZE):
        fault = Fault(pointer="?pageSize", detail=f"From 1 to {MAX_PAGE_SIZE}.", code="range")
        raise Invalid("pageSize is not valid.", faults=[fault])
    return int(text)
