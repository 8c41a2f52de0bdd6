"""The floors that are views: one indexed query, with and without what stands around every request."""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from bench.client import COUNT
from ecommerce.http import APIView

_WISH = f"HTTP_{COUNT.upper().replace('-', '_')}"


def bare_view(request: HttpRequest) -> HttpResponse:
    """One row by its key, handed on as JSON."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT body::text FROM search_document WHERE slug = %s AND merchant = 'default'",
            [request.GET["slug"]],
        )
        (body,) = cursor.fetchone()
    return HttpResponse(body, content_type="application/json")


class StackView(APIView):
    """The same behind the shop's middleware, authentication, permissions and rate limits."""

    def get(self, request: Request) -> HttpResponse:
        return bare_view(request._request)


def count_statements(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Tell who asks how many SQL statements a request took, transaction control aside; write them down on wish."""

    def middleware(request: HttpRequest) -> HttpResponse:
        wish = request.META.get(_WISH)
        if wish is None:
            return get_response(request)
        sent: list[str] = []
        transactions: list[int] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            answer = execute(sql, params, many, context)
            if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                sent.append(_with_values(context["cursor"], sql, params))
                if wish == "record":
                    transactions.extend(_transaction())
            return answer

        with connection.execute_wrapper(note):
            response = get_response(request)
        response[COUNT] = str(len(sent))
        if wish == "record":
            _keep(sent, transactions)
        return response

    return middleware


def _transaction() -> Iterator[int]:
    """The one that the statement wrote in, where it wrote; PostgreSQL's log knows it by 32 bits."""
    found = connection.connection.execute(
        "SELECT pg_current_xact_id_if_assigned()::text"
    ).fetchone()
    if found[0] is not None:
        yield int(found[0]) % 2**32


def _with_values(cursor: Any, sql: str, params: Any) -> str:
    return connection.ops.last_executed_query(cursor, sql, params) or sql


def _keep(sent: list[str], transactions: list[int]) -> None:
    file = Path(os.environ["BENCH_FOLDER"]) / f"recorded-{time.time_ns()}.json"
    statements = [" ".join(sql.split()) for sql in sent]
    file.write_text(json.dumps({"statements": statements, "transactions": transactions}))
