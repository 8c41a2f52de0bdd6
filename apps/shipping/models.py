"""Tables of shipping. No names and no streets: where a parcel goes is read from its order when it is booked."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from apps.shipping.domain.tracking import ShipmentStatus
from apps.shipping.domain.transitions import FulfilmentState
from ecommerce.dimensions import CURRENCY, LOCATION, MERCHANT
from ecommerce.ids import new_id
from ecommerce.money import Money


class ShippingMethod(models.Model):
    """A way of sending that the shop offers, per currency."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.CharField(max_length=32, default=MERCHANT)
    code = models.SlugField(max_length=64)
    name = models.CharField(max_length=120)
    carrier = models.CharField(max_length=32, default="sandbox")
    service = models.CharField(max_length=32, default="standard")
    currency = models.CharField(max_length=3, default=CURRENCY)
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    channels = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    min_days = models.PositiveSmallIntegerField(default=2)
    max_days = models.PositiveSmallIntegerField(default=5)
    position = models.SmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "code", "currency"], name="shipping_method_code_once"
            ),
            models.CheckConstraint(
                condition=Q(min_days__lte=F("max_days")), name="shipping_method_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.currency})"


class ShippingBand(models.Model):
    """What a parcel up to a weight costs."""

    id = models.BigAutoField(primary_key=True)
    method = models.ForeignKey(ShippingMethod, on_delete=models.CASCADE, related_name="bands")
    max_weight_grams = models.PositiveIntegerField()
    price_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["method", "max_weight_grams"], name="shipping_band_weight_once"
            ),
            models.CheckConstraint(
                condition=Q(price_minor__gte=0, max_weight_grams__gt=0),
                name="shipping_band_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"up to {self.max_weight_grams} g: {Money(self.price_minor, self.method.currency)}"


class Fulfilment(models.Model):
    """The warehouse's work on an order. One at a time: a canceled one may be followed by another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order_id = models.UUIDField()
    order_number = models.CharField(max_length=32)
    merchant = models.CharField(max_length=32, default=MERCHANT)
    location = models.CharField(max_length=32, default=LOCATION)
    shipping_method = models.CharField(max_length=64)
    carrier = models.CharField(max_length=32)
    service = models.CharField(max_length=32)
    state = models.CharField(max_length=12, default=FulfilmentState.REQUESTED)
    version = models.PositiveIntegerField(default=1)
    requested_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    cancel_reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order_id"],
                condition=~Q(state=FulfilmentState.CANCELED),
                name="shipping_one_live_fulfilment_per_order",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in FulfilmentState]),
                name="shipping_fulfilment_state_known",
            ),
        ]
        indexes = [
            models.Index(fields=["order_id"], name="shipping_fulfilment_of_order"),
            models.Index(fields=["state", "requested_at", "id"], name="shipping_fulfilment_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.order_number}: {self.state}"


class FulfilmentLine(models.Model):
    """What is to be picked."""

    id = models.BigAutoField(primary_key=True)
    fulfilment = models.ForeignKey(Fulfilment, on_delete=models.CASCADE, related_name="lines")
    line_id = models.UUIDField()
    sku_id = models.UUIDField()
    sku_code = models.CharField(max_length=64)
    seller = models.CharField(max_length=32)
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fulfilment", "line_id"], name="shipping_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shipping_line_has_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku_code}"


class Shipment(models.Model):
    """A parcel. Its id is the idempotency key of its booking, so that a retry never buys two labels."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fulfilment = models.ForeignKey(Fulfilment, on_delete=models.PROTECT, related_name="shipments")
    order_id = models.UUIDField()
    carrier = models.CharField(max_length=32)
    service = models.CharField(max_length=32)
    status = models.CharField(max_length=16, default=ShipmentStatus.CREATED)
    parcels = models.JSONField()
    tracking_number = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001
    estimated_delivery = models.DateTimeField(null=True, blank=True)
    booking_attempts = models.PositiveIntegerField(default=0)
    next_booking_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, default="", blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    booked_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fulfilment"],
                condition=~Q(status=ShipmentStatus.CANCELED),
                name="shipping_one_live_shipment_per_fulfilment",
            ),
            models.UniqueConstraint(
                fields=["carrier", "tracking_number"], name="shipping_tracking_number_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in ShipmentStatus]),
                name="shipping_shipment_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["CREATED", "BOOKING", "CANCELED"])
                | Q(tracking_number__isnull=False, booked_at__isnull=False),
                name="shipping_booked_has_number",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_booking_at"],
                condition=Q(status=ShipmentStatus.BOOKING),
                name="shipping_bookings_open",
            ),
            models.Index(fields=["order_id"], name="shipping_shipment_of_order"),
        ]

    def __str__(self) -> str:
        return self.tracking_number or f"{self.status} {self.id}"


class Label(models.Model):
    """What the carrier printed. It names the addressee, so it stays in the database and is never public."""

    shipment = models.OneToOneField(
        Shipment, on_delete=models.CASCADE, primary_key=True, related_name="label"
    )
    format = models.CharField(max_length=8, default="PDF")
    content = models.BinaryField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.format} label of {self.shipment_id}"


class TrackingEvent(models.Model):
    """A carrier's message about a parcel: inbox and timeline in one, kept once and never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    carrier = models.CharField(max_length=32)
    event_id = models.CharField(max_length=120)
    tracking_number = models.CharField(max_length=64)
    status = models.CharField(max_length=40)
    description = models.CharField(max_length=300, default="", blank=True)
    occurred_at = models.DateTimeField()
    sequence = models.IntegerField(default=0)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["carrier", "event_id"], name="shipping_event_once"),
        ]
        indexes = [
            models.Index(
                fields=["carrier", "tracking_number", "occurred_at"], name="shipping_timeline"
            ),
            models.Index(fields=["tracking_number"], name="shipping_events_of_number"),
        ]

    def __str__(self) -> str:
        return f"{self.tracking_number} {self.status}"
