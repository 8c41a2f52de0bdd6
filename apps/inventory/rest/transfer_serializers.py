"""What the endpoints of transfers take and give."""

from typing import get_args

from rest_framework import serializers

from apps.inventory.rest.lot_serializers import MAX_UNITS
from apps.inventory.types import TransferStatus
from ecommerce.http import Serializer

MAX_LINES = 500
STATUSES = get_args(TransferStatus)


def _bounded(items: list[dict[str, object]]) -> list[dict[str, object]]:
    """One transaction, so not too many."""
    if len(items) > MAX_LINES:
        raise serializers.ValidationError(f"At most {MAX_LINES} items.")
    return items


class TransferItemIn(Serializer):
    """Units of a SKU, by its id or code."""

    sku_id = serializers.CharField(max_length=100)
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_UNITS)


class TransferRequestIn(Serializer):
    """Units from one location to another; ``ship`` sends them at once."""

    items = TransferItemIn(many=True, allow_empty=False)
    from_location_id = serializers.CharField(max_length=40)
    to_location_id = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=200, default="", allow_blank=True)
    ship = serializers.BooleanField(default=False)
    idempotency_key = serializers.CharField(required=False, max_length=255)

    def validate_items(self, items: list[dict[str, object]]) -> list[dict[str, object]]:
        """Bounded."""
        return _bounded(items)


class ArrivedItemIn(Serializer):
    """What came of a SKU: good units, and those that cannot be sold."""

    sku_id = serializers.CharField(max_length=100)
    received = serializers.IntegerField(min_value=0, max_value=MAX_UNITS, default=0)
    damaged = serializers.IntegerField(min_value=0, max_value=MAX_UNITS, default=0)


class ArrivalIn(Serializer):
    """What arrived; ``complete`` where nothing more will come."""

    items = ArrivedItemIn(many=True)
    complete = serializers.BooleanField(default=False)
    reason = serializers.CharField(max_length=150, default="", allow_blank=True)
    idempotency_key = serializers.CharField(required=False, max_length=255)

    def validate_items(self, items: list[dict[str, object]]) -> list[dict[str, object]]:
        """Bounded."""
        return _bounded(items)


class TransferReasonIn(Serializer):
    """Why."""

    reason = serializers.CharField(max_length=150, default="", allow_blank=True)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class TransferQuery(Serializer):
    """Which transfers."""

    status = serializers.ChoiceField(choices=STATUSES, required=False)
    from_location_id = serializers.CharField(required=False, max_length=40)
    to_location_id = serializers.CharField(required=False, max_length=40)


class TransferLineOut(Serializer):
    """Units of a SKU: how many left, and what became of them."""

    sku_id = serializers.UUIDField()
    quantity = serializers.IntegerField()
    received = serializers.IntegerField()
    damaged = serializers.IntegerField()
    lost = serializers.IntegerField()


class _TransferOut(Serializer):
    transfer_id = serializers.UUIDField(source="id")
    status = serializers.ChoiceField(choices=STATUSES)
    reason = serializers.CharField()
    requested_at = serializers.DateTimeField()
    shipped_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class TransferOut(_TransferOut):
    """A transfer, and its units by SKU."""

    from_location_id = serializers.CharField(source="source")
    to_location_id = serializers.CharField(source="destination")
    items = TransferLineOut(source="lines", many=True)


class TransferRowOut(_TransferOut):
    """A transfer in a list."""

    from_location_id = serializers.CharField(source="source_code")
    to_location_id = serializers.CharField(source="destination_code")
    items = TransferLineOut(source="lines.all", many=True)
