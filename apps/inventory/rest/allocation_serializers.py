"""What the endpoints of allocations take and give."""

from typing import Any

from rest_framework import serializers

from apps.inventory.rest.lot_serializers import MAX_UNITS
from ecommerce.http import CountryField, Serializer

STATUSES = ("ALLOCATED", "PICKING", "PICKED", "PACKED", "SHIPPED", "RELEASED", "FAILED")
MAX_PICKS = 500


class PickIn(Serializer):
    """Units of a SKU (id or code) that are to come from a location."""

    sku_id = serializers.CharField(max_length=100)
    location_id = serializers.CharField(max_length=40)
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_UNITS)


class DestinationIn(Serializer):
    """Where it goes, as far as that is known."""

    country = CountryField(required=False)
    latitude = serializers.FloatField(min_value=-90, max_value=90, required=False)
    longitude = serializers.FloatField(min_value=-180, max_value=180, required=False)


class AllocateIn(Serializer):
    """Decide where what is reserved is sent from: by ``picks``, or by the policy of the channel."""

    reservation_id = serializers.UUIDField()
    picks = PickIn(many=True, required=False)
    channel = serializers.CharField(max_length=40, default="", allow_blank=True)
    destination = DestinationIn(required=False)
    idempotency_key = serializers.CharField(required=False, max_length=255)

    def validate_picks(self, picks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Bounded, because it is one transaction."""
        if len(picks) > MAX_PICKS:
            raise serializers.ValidationError(f"At most {MAX_PICKS} picks.")
        return picks


class ReleaseIn(Serializer):
    """Why."""

    reason = serializers.CharField(max_length=200, default="", allow_blank=True)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class AllocatedLotOut(Serializer):
    """Units of a lot that would leave first."""

    lot_id = serializers.CharField(source="0")
    quantity = serializers.IntegerField(source="1")


class AllocatedLineOut(Serializer):
    """Units of a SKU at a location: to be sent, picked so far, gone."""

    sku_id = serializers.UUIDField()
    location_id = serializers.CharField(source="location")
    quantity = serializers.IntegerField()
    picked = serializers.IntegerField()
    shipped = serializers.IntegerField()
    lots = AllocatedLotOut(many=True)


class ReasonOut(Serializer):
    """What a rule said, and why."""

    rule = serializers.CharField()
    outcome = serializers.CharField()
    why = serializers.CharField()


class DecisionOut(Serializer):
    """Why the units are where they are: the objective, what each location had to offer, the next best ways."""

    decision = serializers.CharField()
    inputs_version = serializers.CharField()
    reasons = ReasonOut(many=True)


class AllocationBriefOut(Serializer):
    """An allocation of a list."""

    allocation_id = serializers.UUIDField(source="id")
    order_id = serializers.UUIDField()
    reservation_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=STATUSES)
    channel = serializers.CharField()
    country = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class AllocationOut(AllocationBriefOut):
    """Where an order's units are sent from, how far that is, and why."""

    items = AllocatedLineOut(many=True, source="lines")
    decision = DecisionOut()


class AllocationsQuery(Serializer):
    """``?status=``."""

    status = serializers.ChoiceField(choices=STATUSES, required=False)
