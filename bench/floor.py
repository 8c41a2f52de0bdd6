"""The floor: a bare Django view with one query; and the header in which the shop counts its statements."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

HEADER = "X-Statements"


def bare_view(request: HttpRequest) -> HttpResponse:
    """One row by its key, handed on as JSON."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT body::text FROM search_document WHERE slug = %s", [request.GET["slug"]]
        )
        (body,) = cursor.fetchone()
    return HttpResponse(body, content_type="application/json")


def count_statements(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Tell in a header how many SQL statements the request took, transaction control aside."""

    def middleware(request: HttpRequest) -> HttpResponse:
        counted = 0

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal counted
            counted += not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            response = get_response(request)
        response[HEADER] = str(counted)
        return response

    return middleware
