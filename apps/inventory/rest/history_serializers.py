"""What the endpoints of the ledger take and give."""

from rest_framework import serializers

from apps.inventory.rest.lot_serializers import MAX_UNITS, NamedUnits
from apps.inventory.rest.serializers import StockQuery
from ecommerce.dimensions import LOCATION
from ecommerce.http import Serializer

TYPES = (
    "opening", "receipt", "adjustment", "count", "transfer_out", "transfer_in", "pick", "shipment",
    "return", "damage", "scrap", "kit",
)  # fmt: skip
"""Of entries of the ledger."""
BY_HAND = ("receipt", "return", "scrap", "damage", "adjustment")


class _Span(Serializer):
    """The seeds call the ends of a span of time ``from`` and ``to``; ``from`` is a word of Python."""

    WIRE = {"from": "since", "to": "until"}

    def get_fields(self):  # type: ignore[no-untyped-def]  # DRF's signature
        """Those of the wire's names that are declared here under Python's."""
        fields = super().get_fields()
        for wire, name in self.WIRE.items():
            if name in fields:
                fields[name].source = name
                fields[wire] = fields.pop(name)
        return fields


class MovementQuery(StockQuery, _Span):
    """Which entries: of a SKU (id or code), a location, a type, a reference, a time."""

    sku_id = serializers.CharField(required=False, max_length=100)
    type = serializers.ChoiceField(choices=TYPES, required=False)
    reference = serializers.CharField(required=False, max_length=100)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)


class ExplanationQuery(_Span):
    """Which location, as of when, and from when on it is told in detail."""

    location = serializers.CharField(default=LOCATION, max_length=40)
    at = serializers.DateTimeField(required=False)
    since = serializers.DateTimeField(required=False)


class MovementIn(NamedUnits):
    """A movement by hand of a SKU (id or code)."""

    sku_id = serializers.CharField(max_length=100)
    type = serializers.ChoiceField(choices=BY_HAND)
    quantity = serializers.IntegerField(min_value=-MAX_UNITS, max_value=MAX_UNITS)
    damaged = serializers.BooleanField(default=False)
    reason = serializers.CharField(max_length=200)
    location_id = serializers.CharField(max_length=40, default=LOCATION)
    reference = serializers.CharField(max_length=100, default="", allow_blank=True)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class MovementOut(Serializer):
    """A ledger entry. ``prevBalance`` and ``newBalance`` are the on-hand before and after it."""

    movement_id = serializers.UUIDField(source="id")
    sku_id = serializers.UUIDField()
    location_id = serializers.CharField(source="location_code")
    type = serializers.CharField(source="kind")
    delta = serializers.IntegerField()
    prev_balance = serializers.IntegerField(source="on_hand_before")
    new_balance = serializers.IntegerField(source="on_hand_after")
    damaged_delta = serializers.IntegerField()
    damaged_balance = serializers.IntegerField(source="damaged_after")
    version = serializers.IntegerField()
    reason = serializers.CharField()
    reference = serializers.CharField()
    causation_id = serializers.CharField(source="cause")
    actor = serializers.CharField()
    timestamp = serializers.DateTimeField(source="created_at")


class MovedUnitsOut(Serializer):
    """What movements of one type did, with the latest of what they were about."""

    type = serializers.CharField(source="kind")
    movements = serializers.IntegerField()
    delta = serializers.IntegerField()
    damaged_delta = serializers.IntegerField()
    references = serializers.ListField(child=serializers.CharField())


class MovementPageOut(Serializer):
    """A page of movements."""

    results = MovementOut(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class ExplanationOut(Serializer):
    """``openingOnHand`` and the deltas of ``parts`` add up to ``onHand``; ``text`` says so in words."""

    sku_id = serializers.UUIDField()
    location_id = serializers.CharField(source="location")
    at = serializers.DateTimeField()
    on_hand = serializers.IntegerField()
    damaged = serializers.IntegerField()
    since = serializers.DateTimeField()
    opening_on_hand = serializers.IntegerField()
    opening_damaged = serializers.IntegerField()
    parts = MovedUnitsOut(many=True)
    text = serializers.CharField()


class ExplanationPageOut(ExplanationOut):
    """The same with a page of the movements it speaks of."""

    movements = MovementPageOut()
