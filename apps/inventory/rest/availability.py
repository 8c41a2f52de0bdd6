"""What shoppers may know of stock, and what operators hold back from a channel."""

import hashlib
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import services
from apps.inventory.queries.selling import buffers
from apps.inventory.rest.operators import BY_ID_OR_CODE, OperatorView
from apps.inventory.types import Sellable
from ecommerce.dimensions import CHANNEL
from ecommerce.http import (
    APIView,
    OkJson,
    Serializer,
    idempotent,
    keyset_page,
    problem_responses,
    read_body,
    read_query,
)
from ecommerce.http.wire import to_json

MOST_SKUS = 500
MOST_LETTERS = 100
MAX_UNITS = 1_000_000_000
CHANNEL_NAME = r"^[A-Za-z0-9_-]{1,40}$"


class AvailabilityQuery(Serializer):
    """For which channel, at which location, and whether a copy of the answer may be kept."""

    channel = serializers.RegexField(CHANNEL_NAME, default=CHANNEL)
    location = serializers.CharField(required=False, max_length=40)
    consistency = serializers.ChoiceField(
        choices=("default", "strong"),
        default="default",
        help_text="Both read the levels themselves; of a strong read nobody keeps a copy",
    )


@extend_schema_field(str)
class SkuNames(serializers.Field[list[str], str, Any, Any]):
    """``a,b,c``: not looked at letter by letter as text is, which takes as long as the answer."""

    default_error_messages: ClassVar = {
        "many": f"Name up to {MOST_SKUS} SKUs, each with up to {MOST_LETTERS} letters."
    }

    def to_internal_value(self, data: str) -> list[str]:
        names = data.split(",", MOST_SKUS)
        if len(names) > MOST_SKUS or not all(0 < len(name) <= MOST_LETTERS for name in names):
            self.fail("many")
        return names


class SkusQuery(AvailabilityQuery):
    """``?skuIds=a,b,c``: ids or codes, five hundred at most."""

    sku_ids = SkuNames()


class AvailabilityOut(Serializer):
    """How many of a SKU can be sold."""

    sku_id = serializers.UUIDField()
    available = serializers.IntegerField()
    in_stock = serializers.BooleanField()
    orderable = serializers.IntegerField(help_text="With what may be ordered beyond the stock")
    promised_at = serializers.DateTimeField(allow_null=True)
    as_of = serializers.DateTimeField(help_text="What was committed before is in it")


class SkuAvailabilityOut(Serializer):
    """How many of a SKU can be sold."""

    sku_id = serializers.UUIDField()
    available = serializers.IntegerField()
    in_stock = serializers.BooleanField()
    orderable = serializers.IntegerField(help_text="With what may be ordered beyond the stock")
    promised_at = serializers.DateTimeField(allow_null=True)


class BulkAvailabilityOut(Serializer):
    """Availability of several SKUs at one moment."""

    results = SkuAvailabilityOut(many=True)
    as_of = serializers.DateTimeField(help_text="What was committed before is in it")


class BufferIn(Serializer):
    """Units to hold back from a channel: of a SKU, or of every one that has no buffer of its own."""

    channel = serializers.RegexField(CHANNEL_NAME)
    sku_id = serializers.CharField(required=False, max_length=100, help_text="An id or a code")
    units = serializers.IntegerField(min_value=0, max_value=MAX_UNITS)


class BufferOut(Serializer):
    """Units held back."""

    id = serializers.UUIDField()
    channel = serializers.CharField()
    sku_id = serializers.UUIDField(allow_null=True)
    units = serializers.IntegerField()


class BuffersQuery(Serializer):
    """``?channel=``"""

    channel = serializers.RegexField(CHANNEL_NAME, required=False)


class AvailabilityView(APIView):
    """What shoppers may know of a SKU."""

    throttle_scope = "browse"

    @extend_schema(
        tags=["inventory"],
        operation_id="getAvailability",
        parameters=[BY_ID_OR_CODE, AvailabilityQuery],
        responses={200: AvailabilityOut, **problem_responses(404, 422)},
    )
    def get(self, request: Request, sku: str) -> OkJson:
        """How many a channel can sell now, its safety buffer taken off."""
        wanted = read_query(request, AvailabilityQuery)
        sku_id = services.find_sku(sku=sku)
        found = _sellable({sku_id}, wanted)
        return _answer(request, _line(sku_id, found), found, wanted)


class BulkAvailabilityView(APIView):
    """What shoppers may know of several SKUs."""

    throttle_scope = "browse"

    @extend_schema(
        tags=["inventory"],
        operation_id="listAvailability",
        parameters=[SkusQuery],
        responses={200: BulkAvailabilityOut, **problem_responses(404, 422)},
    )
    def get(self, request: Request) -> OkJson:
        """In the order asked, all of one moment."""
        wanted = read_query(request, SkusQuery)
        names = wanted["sku_ids"]
        ids = services.find_skus(skus=set(names))
        found = _sellable(set(ids.values()), wanted)
        results = [_line(ids[name], found) for name in names]
        return _answer(request, {"results": results}, found, wanted)


class BuffersView(OperatorView):
    """Safety buffers of channels."""

    @extend_schema(
        tags=["inventory"],
        operation_id="listChannelBuffers",
        parameters=[BuffersQuery],
        responses={200: BufferOut(many=True), **problem_responses(401, 403, 422)},
    )
    def get(self, request: Request) -> Response:
        """By channel and SKU, the buffer for all SKUs among them."""
        rows = buffers(read_query(request, BuffersQuery).get("channel"))
        return keyset_page(request, rows, BufferOut, order=("channel", "id"))

    @extend_schema(
        tags=["inventory"],
        operation_id="setChannelBuffer",
        request=BufferIn,
        responses={200: BufferOut, **problem_responses(401, 403, 404, 422)},
    )
    @idempotent
    def put(self, request: Request) -> Response:
        """Hold units back from a channel; the last one set counts."""
        body = read_body(request, BufferIn)
        sku = body.get("sku_id")
        made = services.set_channel_buffer(
            channel=body["channel"],
            units=body["units"],
            sku_id=services.find_sku(sku=sku) if sku else None,
        )
        return Response(BufferOut(made).data)


class BufferView(OperatorView):
    """One safety buffer."""

    @extend_schema(
        tags=["inventory"],
        operation_id="dropChannelBuffer",
        responses={204: None, **problem_responses(401, 403, 404)},
    )
    @idempotent
    def delete(self, request: Request, buffer_id: UUID) -> Response:
        """Hold nothing back any more."""
        services.drop_channel_buffer(buffer_id=buffer_id)
        return Response(status=204)


def _sellable(sku_ids: set[UUID], wanted: dict[str, Any]) -> Sellable:
    return services.sellable(
        sku_ids=sku_ids, channel=wanted["channel"], location=wanted.get("location")
    )


def _line(sku_id: UUID, found: Sellable) -> dict[str, Any]:
    one = found.skus[sku_id]
    return {
        "skuId": sku_id,
        "available": one.available,
        "inStock": one.in_stock,
        "orderable": one.orderable,
        "promisedAt": one.promised_at,
    }


def _answer(
    request: Request, told: dict[str, Any], found: Sellable, wanted: dict[str, Any]
) -> OkJson:
    """Kept copies are asked about each time; the tag is weak, for the moment is not a part of it."""
    body = to_json({**told, "asOf": found.as_of})
    if wanted["consistency"] == "strong":
        return OkJson(body, cache_control="no-store")
    tag = hashlib.sha256(to_json(told)).hexdigest()[:16]
    return OkJson(body, request=request, etag=f'W/"{tag}"', cache_control="public, no-cache")
