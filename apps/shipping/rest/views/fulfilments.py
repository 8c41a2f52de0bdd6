"""The warehouse's work over HTTP."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.shipping import queries, services
from apps.shipping.rest.serializers import (
    CancelFulfilmentIn,
    CreateFulfilmentIn,
    FulfilmentOut,
    FulfilmentsQuery,
    FulfilmentSummaryOut,
    SendIn,
)
from apps.shipping.types import Fulfilment
from ecommerce import clock
from ecommerce.http import (
    APIView,
    etag_of,
    idempotent,
    keyset_page,
    problem_responses,
    read_query,
    viewer_of,
)
from ecommerce.identity import OPERATOR

STEP: dict[Any, Any] = {200: FulfilmentOut, **problem_responses(401, 403, 404, 409)}


class FulfilmentsView(APIView):
    """The warehouse's queue."""

    required_roles: ClassVar = {"GET": OPERATOR, "POST": OPERATOR}

    @extend_schema(
        parameters=[FulfilmentsQuery],
        responses={200: FulfilmentSummaryOut(many=True), **problem_responses(401, 403, 422)},
        tags=["shipping"],
        operation_id="listFulfillments",
    )
    def get(self, request: Request) -> Response:
        state = read_query(request, FulfilmentsQuery).get("state")
        return keyset_page(
            request, queries.queue(state), FulfilmentSummaryOut, ("requested_at", "id")
        )

    @extend_schema(
        request=CreateFulfilmentIn,
        responses={201: FulfilmentOut, **problem_responses(401, 403, 404, 409, 422)},
        tags=["shipping"],
        operation_id="createFulfillment",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        wish = CreateFulfilmentIn(data=request.data)
        wish.is_valid(raise_exception=True)
        created = services.create_fulfilment(
            **wish.validated_data, viewer=viewer_of(request), now=clock.now()
        )
        response = whole(created, status=201)
        response["Location"] = f"/api/v1/fulfillments/{created.id}"
        return response


class FulfilmentView(APIView):
    """One fulfilment."""

    @extend_schema(
        responses={200: FulfilmentOut, **problem_responses(404)},
        tags=["shipping"],
        operation_id="getFulfillment",
    )
    def get(self, request: Request, fulfillment_id: UUID) -> Response:
        return whole(
            services.get_fulfilment(fulfillment_id=fulfillment_id, viewer=viewer_of(request))
        )


class FulfilmentOfOrderView(APIView):
    """How far the warehouse is with an order."""

    @extend_schema(
        responses={200: FulfilmentOut, **problem_responses(404)},
        tags=["shipping"],
        operation_id="getFulfillmentOfOrder",
    )
    def get(self, request: Request, order_id: UUID) -> Response:
        return whole(services.fulfilment_of_order(order_id=order_id, viewer=viewer_of(request)))


class PickView(APIView):
    """Begin."""

    required_roles: ClassVar = {"POST": OPERATOR}

    @extend_schema(
        request=SendIn,
        responses={**STEP, **problem_responses(422)},
        tags=["shipping"],
        operation_id="pickFulfillment",
    )
    @idempotent
    def post(self, request: Request, fulfillment_id: UUID) -> Response:
        wish = SendIn(data=request.data)
        wish.is_valid(raise_exception=True)
        return whole(
            services.start_picking(
                fulfillment_id=fulfillment_id,
                **wish.validated_data,
                viewer=viewer_of(request),
                now=clock.now(),
            )
        )


class PackView(APIView):
    """Close the box."""

    required_roles: ClassVar = {"POST": OPERATOR}

    @extend_schema(request=None, responses=STEP, tags=["shipping"], operation_id="packFulfillment")
    @idempotent
    def post(self, request: Request, fulfillment_id: UUID) -> Response:
        return whole(
            services.finish_packing(
                fulfillment_id=fulfillment_id, viewer=viewer_of(request), now=clock.now()
            )
        )


class ShipView(APIView):
    """Hand it over, with a label bought where there is none yet."""

    required_roles: ClassVar = {"POST": OPERATOR}

    @extend_schema(
        request=SendIn,
        responses={**STEP, **problem_responses(422, 503)},
        tags=["shipping"],
        operation_id="shipFulfillment",
    )
    @idempotent(durable=False)
    def post(self, request: Request, fulfillment_id: UUID) -> Response:
        wish = SendIn(data=request.data)
        wish.is_valid(raise_exception=True)
        return whole(
            services.ship_fulfilment(
                fulfillment_id=fulfillment_id,
                **wish.validated_data,
                viewer=viewer_of(request),
                now=clock.now(),
            )
        )


class CancelFulfilmentView(APIView):
    """Put it back on the shelf."""

    required_roles: ClassVar = {"POST": OPERATOR}

    @extend_schema(
        request=CancelFulfilmentIn,
        responses={**STEP, **problem_responses(422)},
        tags=["shipping"],
        operation_id="cancelFulfillment",
    )
    @idempotent
    def post(self, request: Request, fulfillment_id: UUID) -> Response:
        wish = CancelFulfilmentIn(data=request.data)
        wish.is_valid(raise_exception=True)
        return whole(
            services.cancel_fulfilment(
                fulfillment_id=fulfillment_id,
                **wish.validated_data,
                viewer=viewer_of(request),
                now=clock.now(),
            )
        )


def whole(fulfilment: Fulfilment, *, status: int = 200) -> Response:
    """A fulfilment with its version."""
    headers = {"ETag": etag_of(fulfilment.version)}
    return Response(FulfilmentOut(fulfilment).data, status=status, headers=headers)
