"""The JSON of shipping."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ecommerce.dimensions import CHANNEL, CURRENCY
from ecommerce.http import MoneyField, Serializer
from ecommerce.money import Money

MAX_ITEMS = 200
MAX_PARCELS = 20
STATES = ("REQUESTED", "PICKING", "PACKED", "SHIPPED", "DELIVERED", "CANCELED")
STATUSES = (
    "CREATED",
    "BOOKING",
    "BOOKED",
    "IN_TRANSIT",
    "OUT_FOR_DELIVERY",
    "EXCEPTION",
    "DELIVERED",
    "CANCELED",
)


class RateItemIn(Serializer):
    """So many of a SKU."""

    sku_id = serializers.UUIDField()
    quantity = serializers.IntegerField(min_value=1, max_value=999)


class RatesIn(Serializer):
    """What is sent where."""

    items = RateItemIn(many=True, allow_empty=False)
    country = serializers.RegexField(r"^[A-Z]{2}$", help_text="ISO 3166-1 alpha-2")
    currency = serializers.RegexField(r"^[A-Z]{3}$", default=CURRENCY)
    channel = serializers.CharField(max_length=32, default=CHANNEL)

    def validate_items(self, items: list[dict[str, object]]) -> list[dict[str, object]]:
        if len(items) > MAX_ITEMS:
            raise serializers.ValidationError(f"At most {MAX_ITEMS}.", code="max_length")
        return items


class OptionOut(Serializer):
    """A way of sending, and what it costs."""

    code = serializers.CharField()
    name = serializers.CharField()
    amount = serializers.SerializerMethodField()
    min_days = serializers.IntegerField()
    max_days = serializers.IntegerField()
    carrier = serializers.CharField()
    service = serializers.CharField()

    @extend_schema_field(MoneyField)
    def get_amount(self, option: object) -> dict[str, object]:
        price = Money(option.amount_minor, option.currency)  # type: ignore[attr-defined]
        return dict(MoneyField().to_representation(price))


class RatesOut(Serializer):
    """The ways of sending, the first one first."""

    options = OptionOut(many=True)


class ParcelField(Serializer):
    """A box: grams and millimetres."""

    weight_grams = serializers.IntegerField(min_value=1, max_value=1_000_000)
    length_mm = serializers.IntegerField(
        min_value=1, max_value=100_000, allow_null=True, required=False
    )
    width_mm = serializers.IntegerField(
        min_value=1, max_value=100_000, allow_null=True, required=False
    )
    height_mm = serializers.IntegerField(
        min_value=1, max_value=100_000, allow_null=True, required=False
    )


class ShipmentOut(Serializer):
    """A parcel on its way."""

    id = serializers.UUIDField()
    fulfillment_id = serializers.UUIDField()
    order_id = serializers.UUIDField()
    carrier = serializers.CharField()
    service = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    parcels = ParcelField(many=True)
    tracking_number = serializers.CharField(allow_null=True)
    label_format = serializers.CharField(allow_null=True)
    label_url = serializers.SerializerMethodField()
    estimated_delivery = serializers.DateTimeField(allow_null=True)
    booking_attempts = serializers.IntegerField()
    last_error = serializers.CharField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    booked_at = serializers.DateTimeField(allow_null=True)
    shipped_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)

    def get_label_url(self, shipment: object) -> str | None:
        if shipment.label_format is None:  # type: ignore[attr-defined]
            return None
        return f"/api/v1/shipments/{shipment.id}/label"  # type: ignore[attr-defined]


class FulfilmentLineOut(Serializer):
    """What is to be picked."""

    line_id = serializers.UUIDField()
    sku_id = serializers.UUIDField()
    sku_code = serializers.CharField()
    seller = serializers.CharField()
    quantity = serializers.IntegerField()


class FulfilmentOut(Serializer):
    """The warehouse's work on one order."""

    id = serializers.UUIDField()
    order_id = serializers.UUIDField()
    order_number = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    location = serializers.CharField()
    shipping_method = serializers.CharField()
    carrier = serializers.CharField()
    service = serializers.CharField()
    version = serializers.IntegerField()
    requested_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    cancel_reason = serializers.CharField()
    lines = FulfilmentLineOut(many=True)
    shipments = ShipmentOut(many=True)


class FulfilmentSummaryOut(Serializer):
    """A fulfilment in the warehouse's queue."""

    id = serializers.UUIDField()
    order_id = serializers.UUIDField()
    order_number = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    location = serializers.CharField()
    requested_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class CreateFulfilmentIn(Serializer):
    """Which order to send."""

    order_id = serializers.UUIDField()


class SendIn(Serializer):
    """Nothing is needed; for an order that was refunded in full, that its goods go all the same."""

    also_if_refunded = serializers.BooleanField(default=False)


class CancelFulfilmentIn(Serializer):
    """Why it is not sent."""

    reason = serializers.CharField(max_length=200, default="called off")


class CreateShipmentIn(Serializer):
    """A parcel of a fulfilment; without parcels its weight follows from its lines."""

    fulfillment_id = serializers.UUIDField()
    service = serializers.CharField(max_length=32, required=False, allow_null=True, default=None)
    parcels = ParcelField(many=True, required=False)

    def validate_parcels(self, parcels: list[dict[str, object]]) -> list[dict[str, object]]:
        if len(parcels) > MAX_PARCELS:
            raise serializers.ValidationError(f"At most {MAX_PARCELS}.", code="max_length")
        return parcels


class LabelIn(Serializer):
    """Which shipment to buy a label for."""

    shipment_id = serializers.UUIDField()


class TrackingEventOut(Serializer):
    """One thing that happened to a parcel."""

    status = serializers.CharField()
    description = serializers.CharField()
    occurred_at = serializers.DateTimeField()


class TrackingOut(Serializer):
    """Where a parcel is: nothing about a person."""

    tracking_number = serializers.CharField()
    carrier = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    estimated_delivery = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    events = TrackingEventOut(many=True)


class FulfilmentsQuery(Serializer):
    """How the warehouse's queue is narrowed."""

    state = serializers.ChoiceField(choices=STATES, required=False)
