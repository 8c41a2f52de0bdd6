"""The REST door to how a SKU is sold beyond its stock, what it is made up of, how it is counted."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import services
from apps.inventory.rest import policy_serializers as s
from apps.inventory.rest.operators import BY_ID_OR_CODE, OperatorView
from apps.inventory.types import SetPolicy, StockPolicy
from ecommerce.http import (
    etag_of,
    idempotent,
    problem_responses,
    read_body,
    require_version,
    viewer_of,
)

REFUSALS = problem_responses(401, 403, 404, 409, 412, 422, 429)
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)


class PolicyView(OperatorView):
    """How a SKU is sold beyond its stock."""

    @extend_schema(
        tags=["inventory"],
        operation_id="getStockPolicy",
        parameters=[BY_ID_OR_CODE],
        responses={200: s.PolicyOut, **problem_responses(401, 403, 404)},
    )
    def get(self, request: Request, sku: str) -> Response:
        """The default, at version 0, where nobody said otherwise."""
        return _answer(services.stock_policy(sku_id=services.find_sku(sku=sku)))

    @extend_schema(
        tags=["inventory"],
        operation_id="setStockPolicy",
        parameters=[BY_ID_OR_CODE, IF_MATCH],
        request=s.PolicyIn,
        responses={200: s.PolicyOut, **REFUSALS},
    )
    @idempotent
    def put(self, request: Request, sku: str) -> Response:
        """Deny, backorder up to a limit, or preorder until the day of release."""
        body = read_body(request, s.PolicyIn)
        body.pop("idempotency_key", None)
        command = SetPolicy(
            sku_id=services.find_sku(sku=sku),
            expected_version=require_version(request, optional=True),
            **body,
        )
        return _answer(services.set_policy(command, actor=viewer_of(request)))


class KitView(OperatorView):
    """What a kit is made up of."""

    @extend_schema(
        tags=["inventory"],
        operation_id="setKit",
        parameters=[BY_ID_OR_CODE],
        request=s.KitIn,
        responses={200: s.PolicyOut, **REFUSALS},
    )
    @idempotent
    def put(self, request: Request, sku: str) -> Response:
        """Of plain SKUs; what is reserved already keeps what it was made up of."""
        components = read_body(request, s.KitIn)["components"]
        skus = services.find_skus(skus={sku, *(one["sku_id"] for one in components)})
        parts: dict[Any, int] = {}
        for one in components:
            sku_id = skus[one["sku_id"]]
            parts[sku_id] = parts.get(sku_id, 0) + one["quantity"]
        return _answer(
            services.set_kit(sku_id=skus[sku], components=parts, actor=viewer_of(request))
        )


class CountingView(OperatorView):
    """How a SKU's units are counted out."""

    @extend_schema(
        tags=["inventory"],
        operation_id="setCounting",
        parameters=[BY_ID_OR_CODE],
        request=s.CountingIn,
        responses={200: s.PolicyOut, **REFUSALS},
    )
    @idempotent
    def put(self, request: Request, sku: str) -> Response:
        """On one row (plain), on several (striped), or on several behind a gate (flash)."""
        body = read_body(request, s.CountingIn)
        sku_id = services.find_sku(sku=sku)
        return _answer(services.set_counting(sku_id=sku_id, counting=body["counting"]))


def _answer(policy: StockPolicy) -> Response:
    return Response(s.PolicyOut(policy).data, headers={"ETag": etag_of(policy.version)})
