"""The REST door to lots: which SKUs have them, what is on hand of each, who got one."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import services
from apps.inventory.queries.lots import sent_of
from apps.inventory.rest import lot_serializers as s
from apps.inventory.rest.operators import BY_ID_OR_CODE, REFUSALS, OperatorView
from apps.inventory.rest.serializers import StockQuery
from apps.inventory.types import Tracking
from ecommerce.http import idempotent, keyset_page, problem_responses, read_body, read_query


class TrackingView(OperatorView):
    """What a SKU's units are told apart by."""

    @extend_schema(
        tags=["inventory"],
        operation_id="getTracking",
        parameters=[BY_ID_OR_CODE],
        responses={200: s.TrackingOut, **problem_responses(401, 403, 404)},
    )
    def get(self, request: Request, sku: str) -> Response:
        """Lots, serial numbers, both or neither."""
        return Response(s.TrackingOut(services.tracking(sku_id=services.find_sku(sku=sku))).data)

    @extend_schema(
        tags=["inventory"],
        operation_id="setTracking",
        parameters=[BY_ID_OR_CODE],
        request=s.TrackingIn,
        responses={200: s.TrackingOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, sku: str) -> Response:
        """Units on hand when lots begin are of the lot UNKNOWN; numbers begin on an empty shelf."""
        body = read_body(request, s.TrackingIn)
        wanted = Tracking(
            sku_id=services.find_sku(sku=sku), lots=body["lots"], serials=body["serials"]
        )
        return Response(s.TrackingOut(services.track_sku(wanted)).data)


class LotsView(OperatorView):
    """A SKU's lots."""

    @extend_schema(
        tags=["inventory"],
        operation_id="listLots",
        parameters=[BY_ID_OR_CODE, StockQuery],
        responses={200: s.LotsOut, **problem_responses(401, 403, 404, 422)},
    )
    def get(self, request: Request, sku: str) -> Response:
        """What is on hand of each, the first to expire first."""
        wanted = read_query(request, StockQuery)
        found = services.sku_lots(
            sku_id=services.find_sku(sku=sku), location=wanted.get("location")
        )
        return Response(s.LotsOut({"results": found}).data)


class LotOrdersView(OperatorView):
    """Who got units of a lot."""

    @extend_schema(
        tags=["inventory"],
        operation_id="listLotOrders",
        parameters=[BY_ID_OR_CODE],
        responses={200: s.LotSentOut(many=True), **problem_responses(401, 403, 404)},
    )
    def get(self, request: Request, sku: str, code: str) -> Response:
        """For a recall: every shipment of it, newest first."""
        lot_id = services.find_lot(sku_id=services.find_sku(sku=sku), code=code)
        return keyset_page(request, sent_of(lot_id), s.LotSentOut, order=("-moved_at", "-id"))
