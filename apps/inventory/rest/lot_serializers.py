"""What the endpoints of lots take and give."""

from typing import Any

from rest_framework import serializers

from apps.inventory.types import LotUnits
from ecommerce.http import Serializer

MAX_NAMED = 1_000
MAX_UNITS = 1_000_000_000


class LotUnitsIn(Serializer):
    """Units of a lot, by its code."""

    lot_id = serializers.CharField(max_length=100)
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_UNITS)
    expires_on = serializers.DateField(required=False, allow_null=True)


class NamedUnits(Serializer):
    """Which units these are, of SKUs whose units are told apart."""

    lots = LotUnitsIn(many=True, required=False, max_length=MAX_NAMED)  # type: ignore[call-arg]  # it is the list's
    serials = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, max_length=MAX_NAMED
    )


def units_named(body: dict[str, Any]) -> dict[str, Any]:
    """The lots and serial numbers of a body, as commands take them."""
    lots = tuple(
        LotUnits(code=one["lot_id"], quantity=one["quantity"], expires_on=one.get("expires_on"))
        for one in body.get("lots", ())
    )
    return {"lots": lots, "serials": tuple(body.get("serials", ()))}


class TrackingIn(Serializer):
    """What a SKU's units are told apart by."""

    lots = serializers.BooleanField(default=False)
    serials = serializers.BooleanField(default=False)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class TrackingOut(Serializer):
    """What a SKU's units are told apart by."""

    sku_id = serializers.UUIDField()
    lots = serializers.BooleanField()
    serials = serializers.BooleanField()


class LotOut(Serializer):
    """What is on hand of a lot at a location."""

    lot_id = serializers.CharField(source="code")
    location_id = serializers.CharField(source="location")
    on_hand = serializers.IntegerField()
    expires_on = serializers.DateField(allow_null=True)
    received_on = serializers.DateField()
    expired = serializers.BooleanField()


class LotsOut(Serializer):
    """The first to expire first."""

    results = LotOut(many=True)


class LotSentOut(Serializer):
    """Units of a lot that left for an order."""

    order_id = serializers.CharField(source="reference")
    quantity = serializers.IntegerField(source="units")
    location_id = serializers.CharField(source="location_code")
    at = serializers.DateTimeField(source="moved_at")
