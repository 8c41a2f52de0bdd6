"""Rates, parcels and labels over HTTP."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.shipping import services
from apps.shipping.rest.serializers import (
    CreateShipmentIn,
    LabelIn,
    RatesIn,
    RatesOut,
    ShipmentOut,
)
from apps.shipping.types import CreateShipment, Parcel, RateItem, Shipment
from ecommerce import clock
from ecommerce.http import (
    AnyRepresentation,
    APIView,
    etag_of,
    idempotent,
    problem_responses,
    viewer_of,
)
from ecommerce.identity import OPERATOR


class RatesView(APIView):
    """What sending costs."""

    @extend_schema(
        request=RatesIn,
        responses={200: RatesOut, **problem_responses(422)},
        tags=["shipping"],
        operation_id="quoteShippingRates",
    )
    def post(self, request: Request) -> Response:
        wish = RatesIn(data=request.data)
        wish.is_valid(raise_exception=True)
        given = wish.validated_data
        options = services.quote_rates(
            items=[RateItem(**item) for item in given["items"]],
            country=given["country"],
            currency=given["currency"],
            channel=given["channel"],
        )
        return Response(RatesOut({"options": options}).data)


class ShipmentsView(APIView):
    """Making parcels."""

    required_roles: ClassVar = {"POST": OPERATOR}

    @extend_schema(
        request=CreateShipmentIn,
        responses={201: ShipmentOut, **problem_responses(401, 403, 404, 409, 422)},
        tags=["shipping"],
        operation_id="createShipment",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        wish = CreateShipmentIn(data=request.data)
        wish.is_valid(raise_exception=True)
        given = wish.validated_data
        created = services.create_shipment(
            CreateShipment(
                fulfillment_id=given["fulfillment_id"],
                service=given["service"],
                parcels=tuple(Parcel(**parcel) for parcel in given.get("parcels", ())),
            ),
            viewer=viewer_of(request),
            now=clock.now(),
        )
        return _whole(created, status=201)


class ShipmentView(APIView):
    """One parcel."""

    @extend_schema(
        responses={200: ShipmentOut, **problem_responses(404)},
        tags=["shipping"],
        operation_id="getShipment",
    )
    def get(self, request: Request, shipment_id: UUID) -> Response:
        return _whole(services.get_shipment(shipment_id=shipment_id, viewer=viewer_of(request)))


class LabelsView(APIView):
    """Buying labels."""

    required_roles: ClassVar = {"POST": OPERATOR}

    @extend_schema(
        request=LabelIn,
        responses={201: ShipmentOut, **problem_responses(401, 403, 404, 409, 422, 503)},
        tags=["shipping"],
        operation_id="buyShippingLabel",
    )
    @idempotent(durable=False)
    def post(self, request: Request) -> Response:
        wish = LabelIn(data=request.data)
        wish.is_valid(raise_exception=True)
        booked = services.buy_label(
            **wish.validated_data, viewer=viewer_of(request), now=clock.now()
        )
        response = _whole(booked, status=201)
        response["Location"] = f"/api/v1/shipments/{booked.id}/label"
        return response


class LabelView(APIView):
    """The label to print."""

    content_negotiation_class = AnyRepresentation
    required_roles: ClassVar = {"GET": OPERATOR}

    @extend_schema(
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            **problem_responses(401, 403, 404),
        },
        tags=["shipping"],
        operation_id="getShippingLabel",
    )
    def get(self, request: Request, shipment_id: UUID) -> HttpResponse:
        label = services.get_label(shipment_id=shipment_id, viewer=viewer_of(request))
        return HttpResponse(
            label.content,
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'inline; filename="{label.tracking_number}.pdf"',
                "Cache-Control": "private, no-store",
            },
        )


def _whole(shipment: Shipment, *, status: int = 200) -> Response:
    headers = {"ETag": etag_of(shipment.version)}
    if status == 201:
        headers["Location"] = f"/api/v1/shipments/{shipment.id}"
    return Response(ShipmentOut(shipment).data, status=status, headers=headers)
