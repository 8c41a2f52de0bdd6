"""The REST door to what stock is worth."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import services
from apps.inventory.rest.operators import REFUSALS, OperatorView
from apps.inventory.rest.suppliers import READ
from apps.inventory.types import ValueStock
from ecommerce.clock import now
from ecommerce.dimensions import CURRENCY
from ecommerce.errors import Fault, Invalid
from ecommerce.http import (
    MoneyField,
    Serializer,
    idempotent,
    page_of,
    page_response,
    read_body,
    read_query,
)
from ecommerce.http.idempotency import key_of

BY_SKU = ("sku_id",)
METHODS = ("fifo", "average")


class ValuationQuery(Serializer):
    """As of ``at``, by what was written down until ``knownAt``; sold and lost ``since`` then."""

    at = serializers.DateTimeField(required=False)
    known_at = serializers.DateTimeField(required=False)
    since = serializers.DateTimeField(required=False)
    method = serializers.ChoiceField(choices=METHODS, default="fifo")
    sku_id = serializers.CharField(required=False, max_length=100)


class PlaceValueOut(Serializer):
    """At a location, in minor units of the books' currency."""

    location_id = serializers.CharField(source="location")
    quantity = serializers.IntegerField(source="units")
    value_minor = serializers.IntegerField(source="cost_minor")


class StockValueOut(Serializer):
    """A SKU. ``bought + assumed = value + inTransit + sold + lost``, all in minor units, exactly.

    Beside that, what units cost that came broken: ``claimed`` until it is settled, then ``credited`` or ``writtenOff``.
    """

    sku_id = serializers.UUIDField()
    currency = serializers.SerializerMethodField()
    quantity = serializers.IntegerField(source="units")
    value_minor = serializers.IntegerField(source="cost_minor")
    in_transit_quantity = serializers.IntegerField(source="in_transit_units")
    in_transit_minor = serializers.IntegerField()
    bought_minor = serializers.IntegerField()
    assumed_minor = serializers.IntegerField()
    unknown_quantity = serializers.IntegerField(source="unknown_units")
    sold_quantity = serializers.IntegerField(source="sold_units")
    sold_minor = serializers.IntegerField()
    lost_quantity = serializers.IntegerField(source="lost_units")
    lost_minor = serializers.IntegerField()
    claimed_minor = serializers.IntegerField()
    credited_minor = serializers.IntegerField()
    written_off_minor = serializers.IntegerField()
    locations = PlaceValueOut(source="places", many=True)

    def get_currency(self, _: object) -> str:
        """The books' own."""
        return CURRENCY


class GoodsCostQuery(Serializer):
    """Of which order."""

    order_id = serializers.UUIDField()
    method = serializers.ChoiceField(choices=METHODS, default="fifo")


class GoodsCostLineOut(Serializer):
    """A SKU that left for the order."""

    sku_id = serializers.UUIDField()
    quantity = serializers.IntegerField(source="units")
    cost_minor = serializers.IntegerField()


class GoodsCostOut(Serializer):
    """What the goods of an order cost, in minor units of the books' currency."""

    results = GoodsCostLineOut(many=True)


class MovementCostIn(Serializer):
    """What else an arriving movement cost; less than nothing to correct."""

    amount = MoneyField()
    kind = serializers.ChoiceField(
        choices=("goods", "freight", "duty", "correction"), default="goods"
    )
    idempotency_key = serializers.CharField(required=False, max_length=255)


class MovementCostOut(Serializer):
    """What it cost in all, in minor units of the books' currency."""

    cost_minor = serializers.IntegerField()


class ValuationView(OperatorView):
    """What stock is worth."""

    @extend_schema(
        tags=["inventory"],
        operation_id="getValuation",
        parameters=[ValuationQuery],
        responses={200: StockValueOut(many=True), **READ},
    )
    def get(self, request: Request) -> Response:
        """Per SKU and location, first in first out or at the weighted average, as of any time."""
        wanted = read_query(request, ValuationQuery)
        moment = now()
        command = ValueStock(
            at=wanted.get("at") or moment,
            known_at=wanted.get("known_at") or moment,
            since=wanted.get("since"),
            method=wanted["method"],
        )
        page = page_of(request, order=BY_SKU)
        if page.backwards:
            raise Invalid("This list is read forwards.")
        if "sku_id" in wanted:
            values = services.value_skus(command, sku_ids=[services.find_sku(sku=wanted["sku_id"])])
            more = False
        else:
            after: UUID | None = page.after[0] if page.after else None
            values, more = services.value_page(command, after=after, limit=page.size)
        shown = [StockValueOut(value).data for value in values]
        response = page_response(request, shown, rows=values, more=more, order=BY_SKU, page=page)
        response.data["previous"] = None
        return response


class GoodsCostView(OperatorView):
    """What an order's goods cost."""

    @extend_schema(
        tags=["inventory"],
        operation_id="getCostOfGoods",
        parameters=[GoodsCostQuery],
        responses={200: GoodsCostOut, **READ},
    )
    def get(self, request: Request) -> Response:
        """Of what left, as far as is known now."""
        wanted = read_query(request, GoodsCostQuery)
        costs = services.cost_of_order(
            order_id=wanted["order_id"], method=wanted["method"], now=now()
        )
        return Response(GoodsCostOut({"results": costs}).data)


class MovementCostView(OperatorView):
    """What else goods cost."""

    @extend_schema(
        tags=["inventory"],
        operation_id="recordCost",
        request=MovementCostIn,
        responses={201: MovementCostOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, movement_id: UUID) -> Response:
        """A late bill, opening stock's price, a correction; what was reported before stays known."""
        body = read_body(request, MovementCostIn)
        amount = body["amount"]
        if amount.currency != CURRENCY:
            detail = f"The books are kept in {CURRENCY}."
            raise Invalid(detail, faults=[Fault(pointer="/amount/currency", detail=detail)])
        key = key_of(request)
        cost = services.record_cost(
            movement_id=movement_id,
            amount_minor=amount.amount,
            kind=body["kind"],
            idempotency_key=f"{request.user.pk}:{movement_id}:{key}"[:200] if key else None,
        )
        return Response(MovementCostOut({"cost_minor": cost}).data, status=201)
