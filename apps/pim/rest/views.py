"""Product texts over HTTP."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.pim import services
from apps.pim.rest import serializers as wire
from apps.pim.types import Content
from ecommerce.clock import now
from ecommerce.http import (
    APIView,
    etag_of,
    idempotent,
    not_modified,
    problem_responses,
    read_query,
    require_version,
    viewer_of,
)
from ecommerce.identity import MERCHANDISER, OPERATOR

EDITORS = (MERCHANDISER, OPERATOR)
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="Needed from the second version on"
)


def _whole(content: Content, status: int = 200) -> Response:
    headers = {"ETag": etag_of(content.version)}
    return Response(wire.ContentOut(content).data, status=status, headers=headers)


class ContentView(APIView):
    """The texts of a product for one locale and channel."""

    required_roles: ClassVar = {"GET": EDITORS, "PUT": MERCHANDISER}

    @extend_schema(
        operation_id="getProductContent",
        tags=["pim"],
        parameters=[wire.ContentQuery],
        responses={200: wire.ContentOut, **problem_responses(401, 403, 404, 422)},
    )
    def get(self, request: Request, id: UUID) -> Response:
        """A version of the texts; the latest draft if none is told."""
        asked = read_query(request, wire.ContentQuery)
        content = services.get_content(key=wire.key_of(id, asked), version=asked.get("version"))
        if not_modified(request, etag_of(content.version)):
            return Response(status=304, headers={"ETag": etag_of(content.version)})
        return _whole(content)

    @extend_schema(
        operation_id="saveProductContent",
        tags=["pim"],
        parameters=[IF_MATCH],
        request=wire.ContentIn,
        responses={
            200: wire.ContentOut,
            **problem_responses(401, 403, 404, 412, 422, 428),
        },
    )
    @idempotent
    def put(self, request: Request, id: UUID) -> Response:
        """Save the texts as a new draft version."""
        body = wire.ContentIn(data=request.data)
        body.is_valid(raise_exception=True)
        content = services.save_draft(
            key=wire.key_of(id, body.validated_data),
            texts=body.texts(),
            expected_version=require_version(request, optional=True),
            viewer=viewer_of(request),
            now=now(),
        )
        return _whole(content)


class ContentHistoryView(APIView):
    """Every version of the texts."""

    required_roles: ClassVar = {"GET": EDITORS}

    @extend_schema(
        operation_id="listProductContentVersions",
        tags=["pim"],
        parameters=[wire.PlaceIn],
        responses={200: wire.HistoryOut, **problem_responses(401, 403, 404, 422)},
    )
    def get(self, request: Request, id: UUID) -> Response:
        """Every version that was saved, newest first."""
        key = wire.key_of(id, read_query(request, wire.PlaceIn))
        history = services.content_history(key=key)
        return Response(wire.HistoryOut({"results": history}).data)


class ResolvedContentView(APIView):
    """What shoppers of a locale and channel see."""

    required_roles: ClassVar = {"GET": EDITORS}

    @extend_schema(
        operation_id="resolveProductContent",
        tags=["pim"],
        parameters=[wire.PlaceIn],
        responses={200: wire.ResolvedOut, **problem_responses(401, 403, 404, 422)},
    )
    def get(self, request: Request, id: UUID) -> Response:
        """Each text as shoppers see it, with the rule and version that it comes from."""
        key = wire.key_of(id, read_query(request, wire.PlaceIn))
        return Response(wire.ResolvedOut({"results": services.resolve_content(key=key)}).data)


class ApproveView(APIView):
    """Publishing texts."""

    required_roles: ClassVar = {"POST": MERCHANDISER}

    @extend_schema(
        operation_id="approveProductContent",
        tags=["pim"],
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)],
        request=wire.PlaceIn,
        responses={200: wire.ContentOut, **problem_responses(401, 403, 404, 409, 412, 422)},
    )
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Publish the latest version. Published already: no change."""
        body = wire.PlaceIn(data=request.data)
        body.is_valid(raise_exception=True)
        content = services.approve_content(
            key=wire.key_of(id, body.validated_data),
            expected_version=require_version(request, optional=True),
            viewer=viewer_of(request),
            now=now(),
        )
        return _whole(content)
