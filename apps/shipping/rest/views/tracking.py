"""Where parcels are, over HTTP."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.shipping import services
from apps.shipping.rest.serializers import ShipmentOut, TrackingOut
from ecommerce import clock
from ecommerce.http import APIView, problem_responses, viewer_of


class TrackingView(APIView):
    """Where a parcel is, for anyone who has its number."""

    @extend_schema(
        responses={200: TrackingOut, **problem_responses(404)},
        tags=["shipping"],
        operation_id="trackParcel",
    )
    def get(self, request: Request, tracking_number: str) -> Response:
        return Response(TrackingOut(services.track(tracking_number=tracking_number)).data)


class ShipmentOfNumberView(APIView):
    """The parcel of a number, for whoever may see its order."""

    @extend_schema(
        responses={200: ShipmentOut, **problem_responses(404)},
        tags=["shipping"],
        operation_id="getShipmentOfTrackingNumber",
    )
    def get(self, request: Request, tracking_number: str) -> Response:
        shipment = services.shipment_of_number(
            tracking_number=tracking_number, viewer=viewer_of(request)
        )
        return Response(ShipmentOut(shipment).data)


class TrackingWebhookView(APIView):
    """What a carrier tells of its parcels, signed."""

    authentication_classes = ()
    throttle_scope = "webhooks"

    @extend_schema(
        request=OpenApiTypes.OBJECT,
        parameters=[OpenApiParameter("Sandbox-Signature", str, OpenApiParameter.HEADER)],
        responses={204: None, **problem_responses(401, 404, 422)},
        tags=["shipping"],
        operation_id="receiveTrackingWebhook",
    )
    def post(self, request: Request, carrier: str) -> Response:
        services.receive_webhook(
            carrier=carrier,
            body=request.body,
            headers={name.lower(): value for name, value in request.headers.items()},
            now=clock.now(),
        )
        return Response(status=204)
