"""The REST door to stock: levels, changes, the ledger, what shoppers may know."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.catalog.types import Sku
from apps.inventory import services
from apps.inventory.errors import UnknownSku
from apps.inventory.rest import serializers as s
from apps.inventory.rest.lot_serializers import units_named
from apps.inventory.rest.operators import BY_ID_OR_CODE, REFUSALS, OperatorView
from apps.inventory.rest.transfer_serializers import TransferOut
from apps.inventory.types import (
    AdjustStock,
    BulkItem,
    RequestTransfer,
    SkuStock,
    StockLine,
    TransferStock,
)
from ecommerce.http import (
    etag_of,
    idempotent,
    problem_responses,
    read_body,
    read_query,
    require_version,
)


class StockView(OperatorView):
    """A SKU's stock."""

    @extend_schema(
        tags=["inventory"],
        operation_id="getStock",
        parameters=[BY_ID_OR_CODE, s.StockAtQuery],
        responses={
            200: PolymorphicProxySerializer("Stock", [s.StockOut, s.StockThenOut], None),
            **problem_responses(401, 403, 404, 422),
        },
    )
    def get(self, request: Request, sku: str) -> Response:
        """On hand, reserved, allocated and available, in sum and per location.

        The ETag is the version of the one level that is shown, as adjusting takes it in If-Match;
        where there are several locations, ask for one by ``?location=``. With ``?at=`` it is what lay where
        at that time, by the ledger; what was promised then is not in it.
        """
        wanted = read_query(request, s.StockAtQuery)
        if at := wanted.get("at"):
            then = services.stock_as_of(
                sku_id=services.find_sku(sku=sku), at=at, location=wanted.get("location")
            )
            return Response(s.StockThenOut(then).data)
        stock = services.sku_stock(
            sku_id=services.find_sku(sku=sku), location=wanted.get("location")
        )
        return Response(s.StockOut(stock).data, headers=_tag_of(stock))


class AdjustView(OperatorView):
    """Correct a level."""

    @extend_schema(
        tags=["inventory"],
        operation_id="adjustStock",
        parameters=[BY_ID_OR_CODE, OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)],
        request=s.AdjustIn,
        responses={200: s.ChangeOut, **REFUSALS, **problem_responses(412)},
    )
    @idempotent
    def post(self, request: Request, sku: str) -> Response:
        """By some units, with a reason; If-Match guards against a level that others changed.

        A receipt or return adds units, damage takes some away; an adjustment or a count goes either way.
        """
        body = read_body(request, s.AdjustIn)
        command = _adjustment(request, services.known_skus(skus=(sku,))[sku], body)
        change = services.adjust_stock(command)
        return Response(s.ChangeOut(change).data, headers={"ETag": etag_of(change.version)})


class BulkAdjustView(OperatorView):
    """Correct many levels."""

    @extend_schema(
        tags=["inventory"],
        operation_id="bulkAdjustStock",
        request=s.BulkIn,
        responses={200: s.BulkOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Each item succeeds or is refused by itself; one with an ``idempotencyKey`` counts once."""
        items = read_body(request, s.BulkIn)["items"]
        skus = services.named_skus({item["sku_id"] for item in items})
        known = [index for index, item in enumerate(items) if item["sku_id"] in skus]
        done = services.bulk_adjust(
            [_bulk_item(request, skus[items[i]["sku_id"]], items[i]) for i in known]
        )
        results = {i: replace(one, index=i) for i, one in zip(known, done, strict=True)}
        told = [results.get(i) or _unknown(i, item["sku_id"]) for i, item in enumerate(items)]
        return Response(s.BulkOut({"results": told}).data)


class TransferView(OperatorView):
    """Move stock."""

    @extend_schema(
        tags=["inventory"],
        operation_id="transferStock",
        parameters=[BY_ID_OR_CODE],
        request=s.TransferIn,
        responses={
            200: PolymorphicProxySerializer("Moved", [s.MovedOut, TransferOut], None),
            **REFUSALS,
        },
    )
    @idempotent
    def post(self, request: Request, sku: str) -> Response:
        """Out of one location and into another, or neither.

        With ``inTransit`` the units leave now and are on their way until ``/inventory/transfers/{id}/receive``
        says that they came; the answer is that transfer.
        """
        body = read_body(request, s.TransferIn)
        if body["in_transit"]:
            return self._send(request, services.find_sku(sku=sku), body)
        left, arrived = services.transfer_stock(
            TransferStock(
                sku_id=services.find_sku(sku=sku),
                quantity=body["quantity"],
                source=body["from_location_id"],
                destination=body["to_location_id"],
                reason=body["reason"],
                actor=str(request.user.pk),
            )
        )
        return Response(s.MovedOut({"left": left, "arrived": arrived}).data)

    def _send(self, request: Request, sku_id: UUID, body: dict[str, Any]) -> Response:
        sent = services.send_transfer(
            RequestTransfer(
                lines=(StockLine(sku_id=sku_id, quantity=body["quantity"]),),
                source=body["from_location_id"],
                destination=body["to_location_id"],
                reason=body["reason"],
                actor=str(request.user.pk),
            )
        )
        return Response(TransferOut(sent).data)


class LocationSummaryView(OperatorView):
    """A location in numbers."""

    @extend_schema(
        tags=["inventory"],
        operation_id="getLocationSummary",
        responses={200: s.SummaryOut, **problem_responses(401, 403, 404)},
    )
    def get(self, request: Request, location_id: UUID) -> Response:
        """The sums over what lies there."""
        summary = services.location_summary(location_id=location_id)
        return Response(s.SummaryOut(summary).data)


def _tag_of(stock: SkuStock) -> dict[str, str]:
    """Levels have a version each, and none together: two of them may change past each other."""
    return {"ETag": etag_of(stock.levels[0].version)} if len(stock.levels) == 1 else {}


def _bulk_item(request: Request, sku: Sku, item: dict[str, Any]) -> AdjustStock:
    """The caller's key, one's own and nobody else's, and of this level."""
    command = _adjustment(request, sku, item)
    if not (key := item.get("idempotency_key")):
        return command
    own = uuid5(sku.id, f"{request.user.pk}:{command.location}:{key}")
    return replace(command, idempotency_key=f"bulk:{own}")


def _unknown(index: int, name: str) -> BulkItem:
    return BulkItem(index=index, status="refused", code=UnknownSku.code, detail=f"no SKU {name!r}")


def _adjustment(request: Request, sku: Sku, body: dict[str, Any]) -> AdjustStock:
    order_id = body.get("order_id")
    return AdjustStock(
        sku_id=sku.id,
        delta=body["delta"],
        reason=body["reason"],
        location=body["location_id"],
        kind=body["type"],
        seller=sku.seller,
        reference=str(order_id) if order_id else "",
        actor=str(request.user.pk),
        expected_version=require_version(request, optional=True),
        **units_named(body),
    )
