"""The REST door to purchase orders."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import services
from apps.inventory.queries import purchasing as queries
from apps.inventory.rest import purchasing_serializers as s
from apps.inventory.rest.operators import REFUSALS, OperatorView
from apps.inventory.rest.reservation_serializers import ReasonIn
from apps.inventory.rest.suppliers import NEWEST, READ
from apps.inventory.types import (
    DraftOrder,
    ExtraCost,
    OrderItem,
    PurchaseOrder,
)
from ecommerce.clock import now
from ecommerce.http import (
    AnyRepresentation,
    etag_of,
    idempotent,
    page_of,
    page_response,
    problem_responses,
    read_body,
    read_query,
    require_version,
    slice_of,
    viewer_of,
)


class PurchaseOrdersView(OperatorView):
    """What was ordered."""

    @extend_schema(
        tags=["purchasing"],
        operation_id="listPurchaseOrders",
        parameters=[s.PurchaseOrderQuery],
        responses={200: s.PurchaseOrderOut(many=True), **READ},
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        wanted = read_query(request, s.PurchaseOrderQuery)
        page = page_of(request, order=NEWEST)
        found = queries.orders_where(state=wanted.get("state"), supplier=wanted.get("supplier"))
        rows, more = slice_of(found, order=NEWEST, page=page)
        shown = [s.PurchaseOrderOut(queries.order_view(row)).data for row in rows]
        return page_response(request, shown, rows=rows, more=more, order=NEWEST, page=page)

    @extend_schema(
        tags=["purchasing"],
        operation_id="createPurchaseOrder",
        request=s.PurchaseOrderIn,
        responses={201: s.PurchaseOrderOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A draft, to be approved by somebody."""
        drafted = services.draft_purchase_order(_draft(request))
        return _shown(drafted, status=201)


class PurchaseOrderView(OperatorView):
    """One order."""

    @extend_schema(
        tags=["purchasing"],
        operation_id="getPurchaseOrder",
        responses={200: s.PurchaseOrderOut, **READ},
    )
    def get(self, request: Request, order_id: UUID) -> Response:
        """With its lines, and how much of them came."""
        return _shown(services.get_purchase_order(order_id=order_id))

    @extend_schema(
        tags=["purchasing"],
        operation_id="revisePurchaseOrder",
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)],
        request=s.PurchaseOrderIn,
        responses={200: s.PurchaseOrderOut, **REFUSALS, **problem_responses(412)},
    )
    @idempotent
    def put(self, request: Request, order_id: UUID) -> Response:
        """Write a draft anew."""
        revised = services.revise_purchase_order(
            order_id=order_id,
            command=_draft(request),
            expected_version=require_version(request, optional=True),
        )
        return _shown(revised)


class ApproveView(OperatorView):
    """A draft becomes an order."""

    @extend_schema(
        tags=["purchasing"],
        operation_id="approvePurchaseOrder",
        request=None,
        responses={200: s.PurchaseOrderOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, order_id: UUID) -> Response:
        """By somebody else than its author, where the shop wants four eyes."""
        return _stepped(request, order_id, services.approve_purchase_order)


class SendView(OperatorView):
    """The order goes to the supplier."""

    @extend_schema(
        tags=["purchasing"],
        operation_id="sendPurchaseOrder",
        request=s.SendIn,
        responses={200: s.PurchaseOrderOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, order_id: UUID) -> Response:
        """By mail, unless somebody has told the supplier already."""
        by_hand = read_body(request, s.SendIn)["by_hand"]
        return _stepped(request, order_id, services.send_purchase_order, by_hand=by_hand)


class CancelOrderView(OperatorView):
    """Nothing of it will come."""

    @extend_schema(
        tags=["purchasing"],
        operation_id="cancelPurchaseOrder",
        request=ReasonIn,
        responses={200: s.PurchaseOrderOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, order_id: UUID) -> Response:
        """As long as nothing has come."""
        reason = read_body(request, ReasonIn)["reason"]
        return _stepped(request, order_id, services.cancel_purchase_order, reason=reason)


class CloseOrderView(OperatorView):
    """Nothing more of it will come."""

    @extend_schema(
        tags=["purchasing"],
        operation_id="closePurchaseOrder",
        request=ReasonIn,
        responses={200: s.PurchaseOrderOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, order_id: UUID) -> Response:
        """What is outstanding is cancelled; what is here bears all other costs."""
        reason = read_body(request, ReasonIn)["reason"]
        return _stepped(request, order_id, services.close_purchase_order, reason=reason)


class DocumentView(OperatorView):
    """The order as the supplier gets it."""

    content_negotiation_class = AnyRepresentation

    @extend_schema(
        tags=["purchasing"],
        operation_id="getPurchaseOrderDocument",
        responses={(200, "text/csv"): OpenApiTypes.STR, **READ},
    )
    def get(self, request: Request, order_id: UUID) -> HttpResponse:
        """A CSV file."""
        name, text = services.purchase_order_document(order_id=order_id)
        return HttpResponse(
            text,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _stepped(
    request: Request, order_id: UUID, step: Callable[..., PurchaseOrder], **more: Any
) -> Response:
    return _shown(step(order_id=order_id, viewer=viewer_of(request), now=now(), **more))


def _shown(order: PurchaseOrder, status: int = 200) -> Response:
    data = s.PurchaseOrderOut(order).data
    return Response(data, status=status, headers={"ETag": etag_of(order.version)})


def _draft(request: Request) -> DraftOrder:
    body = read_body(request, s.PurchaseOrderIn)
    skus = services.find_skus(skus={item["sku_id"] for item in body["items"]})
    return DraftOrder(
        supplier=body["supplier"],
        items=tuple(
            OrderItem(
                sku_id=skus[item["sku_id"]],
                units=item["quantity"],
                unit_cost_minor=item["unit_cost"].amount if "unit_cost" in item else None,
            )
            for item in body["items"]
        ),
        location=body["location_id"],
        currency=body["currency"],
        costs=tuple(
            ExtraCost(kind=cost["kind"], amount_minor=cost["amount"].amount, split=cost["split"])
            for cost in body["costs"]
        ),
        exchange_rate=body["exchange_rate"],
        expected_on=body.get("expected_on"),
        note=body["note"],
        author=str(request.user.pk or ""),
    )
