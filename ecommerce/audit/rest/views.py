"""The audit trail, for operators and admins."""

from typing import ClassVar, TypeVar

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from ecommerce.audit import services
from ecommerce.audit.rest.serializers import (
    AuditEntriesOut,
    AuditEntryOut,
    AuditFilter,
    AuditQueryIn,
)
from ecommerce.audit.services import ENTRY_ORDER
from ecommerce.audit.types import AuditQuery
from ecommerce.http import APIView, page_of, problem_responses, read_query, viewer_of
from ecommerce.http.pagination import page_response
from ecommerce.identity import OPERATOR

T = TypeVar("T")
TAGS = ["audit"]
PAGING = [
    OpenApiParameter("cursor", str, description="from next or previous"),
    OpenApiParameter("pageSize", int, description="1 to 100, 20 by itself"),
]


class AuditView(APIView):
    required_roles: ClassVar = {"GET": OPERATOR}

    @extend_schema(
        parameters=[AuditFilter, *PAGING],
        responses={200: AuditEntriesOut, **problem_responses(401, 403, 422)},
        tags=TAGS,
        operation_id="listAudit",
    )
    def get(self, request: Request) -> Response:
        """Who did what, newest first."""
        query = read_query(request, AuditFilter)
        return _answer(
            request,
            AuditQuery(
                entity_types=_one(query.get("entity_type")),
                entity_ids=_one(query.get("entity_id")),
                actions=_one(query.get("action")),
                actor_ids=_one(query.get("actor_id")),
                since=query.get("since"),
                until=query.get("until"),
            ),
        )


class AuditQueryView(APIView):
    required_roles: ClassVar = {"POST": OPERATOR}

    @extend_schema(
        parameters=PAGING,
        request=AuditQueryIn,
        responses={200: AuditEntriesOut, **problem_responses(401, 403, 422)},
        tags=TAGS,
        operation_id="queryAudit",
        examples=[
            OpenApiExample(
                "Two products",
                {"entityTypes": ["product"], "entityIds": ["P-1", "P-2"]},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """The same for many entities, actions or actors; page on by posting the body to ``next``."""
        given = AuditQueryIn(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        return _answer(
            request,
            AuditQuery(
                entity_types=tuple(asked["entity_types"]),
                entity_ids=tuple(asked["entity_ids"]),
                actions=tuple(asked["actions"]),
                actor_ids=tuple(asked["actor_ids"]),
                correlation_id=asked["correlation_id"],
                since=asked.get("since"),
                until=asked.get("until"),
            ),
        )


def _one(value: T | None) -> tuple[T, ...]:
    return () if value is None else (value,)


def _answer(request: Request, query: AuditQuery) -> Response:
    page = page_of(request, order=ENTRY_ORDER)
    entries, more = services.find_entries(query, viewer=viewer_of(request), page=page)
    results = AuditEntryOut(entries, many=True).data
    return page_response(request, results, rows=entries, more=more, order=ENTRY_ORDER, page=page)
