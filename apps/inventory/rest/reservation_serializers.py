"""What the endpoints of reservations take and give."""

from rest_framework import serializers

from apps.inventory.rest.lot_serializers import MAX_UNITS
from ecommerce.http import Serializer

RESERVATION_STATES = ("RESERVED", "CONFIRMED", "CANCELLED", "RELEASED", "EXPIRED", "SHIPPED")


class ReservationItemIn(Serializer):
    """So many units of a SKU or a kit, by its id or code; from some locations first, or ``only`` from them."""

    sku_id = serializers.CharField(max_length=100)
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_UNITS)
    location_preference = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=20, default=list
    )
    only = serializers.BooleanField(default=False)


class ReservationIn(Serializer):
    """A hold for ``ttlSeconds`` (half an hour if not said): all items or none, or with ``allowPartial`` what there is.

    An order holds once; whoever ``reference`` names, as often as they like.
    """

    order_id = serializers.UUIDField(required=False)
    reference = serializers.CharField(max_length=100, default="", allow_blank=True)
    allow_partial = serializers.BooleanField(default=False)
    items = ReservationItemIn(many=True, allow_empty=False)
    ttl_seconds = serializers.IntegerField(required=False, min_value=1, max_value=7 * 24 * 3600)
    hold_type = serializers.ChoiceField(choices=("soft", "hard"), default="soft")
    idempotency_key = serializers.CharField(required=False, max_length=255)

    def validate_items(self, items: list[dict[str, object]]) -> list[dict[str, object]]:
        """Bounded, because it is one statement."""
        if len(items) > 500:
            raise serializers.ValidationError("At most 500 items.")
        return items


class ReasonIn(Serializer):
    """Why."""

    reason = serializers.CharField(max_length=200, default="", allow_blank=True)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class ExtendIn(Serializer):
    """For so many seconds from now, a week in all at most."""

    ttl_seconds = serializers.IntegerField(min_value=1, max_value=7 * 24 * 3600)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class ReservationQuery(Serializer):
    """Which holds: an order's, a caller's, those in a state."""

    order_id = serializers.UUIDField(required=False)
    reference = serializers.CharField(required=False, max_length=100)
    status = serializers.ChoiceField(required=False, choices=RESERVATION_STATES)


class HeldKitOut(Serializer):
    """Kits that are held; their components are among the items."""

    sku_id = serializers.UUIDField()
    quantity = serializers.IntegerField()
    shipped = serializers.IntegerField()


class BackorderedOut(Serializer):
    """Units promised that were not there; those that came since are among the items."""

    sku_id = serializers.UUIDField()
    quantity = serializers.IntegerField()
    filled = serializers.IntegerField()
    open = serializers.IntegerField()
    promised_at = serializers.DateTimeField(allow_null=True)


class ShortageOut(Serializer):
    """What could not be had."""

    sku_id = serializers.UUIDField()
    requested = serializers.IntegerField()
    available = serializers.IntegerField()


class ReservedLineOut(Serializer):
    """Units of a SKU held at a location."""

    sku_id = serializers.UUIDField()
    location_id = serializers.CharField(source="location")
    quantity = serializers.IntegerField()
    shipped = serializers.IntegerField()


class ReservationOut(Serializer):
    """A reservation and what it holds where."""

    reservation_id = serializers.UUIDField(source="id")
    order_id = serializers.UUIDField()
    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=RESERVATION_STATES)
    hold_type = serializers.ChoiceField(choices=("soft", "hard"))
    expires_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    items = ReservedLineOut(source="lines", many=True)
    kits = HeldKitOut(many=True)
    backordered = BackorderedOut(many=True)
    short = ShortageOut(many=True)


class ReservationRowOut(Serializer):
    """A reservation in a list, without what it holds."""

    reservation_id = serializers.UUIDField(source="id")
    order_id = serializers.UUIDField()
    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=RESERVATION_STATES)
    expires_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
