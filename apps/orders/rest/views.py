"""Orders over HTTP."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.orders import queries, services
from apps.orders.rest.serializers import (
    CancelIn,
    OrderHistoryOut,
    OrderOut,
    OrdersQuery,
    OrderSummaryOut,
    SellerOrderOut,
    StatusIn,
)
from apps.orders.types import Order
from ecommerce import clock
from ecommerce.errors import NotFound
from ecommerce.http import (
    AUTHENTICATED,
    APIView,
    etag_of,
    idempotent,
    keyset_page,
    not_modified,
    problem_responses,
    read_query,
    require_version,
    viewer_of,
)
from ecommerce.identity import OPERATOR, SELLER

NEWEST = ("-placed_at", "-id")


def _whole(order: Order) -> Response:
    return Response(OrderOut(order).data, headers={"ETag": etag_of(order.version)})


class OrdersView(APIView):
    """The orders of whoever asks; the back office sees everyone's."""

    @extend_schema(
        parameters=[OrdersQuery],
        responses={200: OrderSummaryOut(many=True), **problem_responses(422)},
        tags=["orders"],
        operation_id="listOrders",
    )
    def get(self, request: Request) -> Response:
        wanted = read_query(request, OrdersQuery)
        rows = queries.orders_of(viewer=viewer_of(request), status=wanted.get("status"))
        return keyset_page(request, rows, OrderSummaryOut, NEWEST)


class CustomerOrdersView(APIView):
    """The orders of one customer."""

    required_roles: ClassVar = {"GET": AUTHENTICATED}

    @extend_schema(
        parameters=[OrdersQuery],
        responses={200: OrderSummaryOut(many=True), **problem_responses(401, 404, 422)},
        tags=["orders"],
        operation_id="listOrdersOfCustomer",
    )
    def get(self, request: Request, customer_id: UUID) -> Response:
        viewer = viewer_of(request)
        if not viewer.is_staff and viewer.user_id != customer_id:
            raise NotFound
        wanted = read_query(request, OrdersQuery)
        rows = queries.orders_of(
            viewer=viewer, customer_id=customer_id, status=wanted.get("status")
        )
        return keyset_page(request, rows, OrderSummaryOut, NEWEST)


class SellerOrdersView(APIView):
    """A seller's own lines of the orders that were paid."""

    required_roles: ClassVar = {"GET": SELLER}

    @extend_schema(
        responses={200: SellerOrderOut(many=True), **problem_responses(401, 403)},
        tags=["orders"],
        operation_id="listOrdersOfSeller",
    )
    def get(self, request: Request) -> Response:
        rows = queries.orders_of_seller(viewer_of(request).seller or "")
        return keyset_page(request, rows, SellerOrderOut, NEWEST)


class OrderView(APIView):
    """One order."""

    @extend_schema(
        responses={200: OrderOut, **problem_responses(404)},
        tags=["orders"],
        operation_id="getOrder",
    )
    def get(self, request: Request, order_id: UUID) -> Response:
        order = services.get_order(order_id=order_id, viewer=viewer_of(request))
        if not_modified(request, etag_of(order.version)):
            return Response(status=304, headers={"ETag": etag_of(order.version)})
        return _whole(order)


class OrderStatusView(APIView):
    """Where an order stands, and an operator's step by hand."""

    required_roles: ClassVar = {"PATCH": OPERATOR}

    @extend_schema(
        responses={200: OrderHistoryOut, **problem_responses(404)},
        tags=["orders"],
        operation_id="getOrderStatus",
    )
    def get(self, request: Request, order_id: UUID) -> Response:
        history = services.get_history(order_id=order_id, viewer=viewer_of(request))
        return Response(OrderHistoryOut(history).data, headers={"ETag": etag_of(history.version)})

    @extend_schema(
        request=StatusIn,
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)],
        responses={200: OrderOut, **problem_responses(401, 403, 404, 409, 412, 422)},
        tags=["orders"],
        operation_id="setOrderStatus",
    )
    @idempotent
    def patch(self, request: Request, order_id: UUID) -> Response:
        step = StatusIn(data=request.data)
        step.is_valid(raise_exception=True)
        order = services.set_status(
            order_id=order_id,
            **step.validated_data,
            viewer=viewer_of(request),
            now=clock.now(),
            version=require_version(request, optional=True),
        )
        return _whole(order)


class CancelOrderView(APIView):
    """Calling an order off."""

    @extend_schema(
        request=CancelIn,
        responses={200: OrderOut, **problem_responses(404, 409, 422)},
        tags=["orders"],
        operation_id="cancelOrder",
    )
    @idempotent
    def post(self, request: Request, order_id: UUID) -> Response:
        wish = CancelIn(data=request.data)
        wish.is_valid(raise_exception=True)
        order = services.cancel_order(
            order_id=order_id,
            reason=wish.validated_data["reason"],
            viewer=viewer_of(request),
            now=clock.now(),
        )
        return _whole(order)
