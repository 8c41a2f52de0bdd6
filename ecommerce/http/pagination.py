"""Lists on the wire: DRF's cursor shape, with Link (RFC 8288) saying the same."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from ecommerce.errors import Fault, Invalid
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

__all__ = ["BadCursor", "Page", "keyset_page", "page_of", "page_response", "slice_of"]


def page_of(request: Request, *, default: int = PAGE_SIZE, order: Sequence[str] = ()) -> Page:
    """Read ``pageSize`` and ``cursor``. Raises Invalid or BadCursor."""
    size = _size(request.query_params.get("pageSize"), default)
    cursor = request.query_params.get("cursor")
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
    has_next = more if not page.backwards else bool(rows)
    has_previous = more if page.backwards else page.after is not None and bool(rows)
    links = {
        "next": _link(request, rows[-1], order, backwards=False) if has_next and rows else None,
        "previous": _link(request, rows[0], order, backwards=True) if has_previous else None,
    }
    response = Response({"results": results, **links})
    header = ", ".join(f'<{url}>; rel="{rel[:4]}"' for rel, url in links.items() if url)
    if header:
        response["Link"] = header
    return response


def _link(request: Request, row: Any, order: Sequence[str], *, backwards: bool) -> str:
    parameters = request.query_params.copy()
    parameters["cursor"] = cursor_of(row, order, backwards=backwards)
    return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")


def _size(text: str | None, default: int) -> int:
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:7]) <= MAX_PAGE_SIZE):
        fault = Fault(pointer="?pageSize", detail=f"From 1 to {MAX_PAGE_SIZE}.", code="range")
        raise Invalid("pageSize is not valid.", faults=[fault])
    return int(text)
