"""What the endpoints of deliveries take and give."""

from typing import Any

from rest_framework import serializers

from apps.inventory.rest.lot_serializers import MAX_UNITS
from apps.inventory.rest.purchasing_serializers import CODE, bounded
from ecommerce.dimensions import CURRENCY, LOCATION
from ecommerce.http import MoneyField, Serializer

INBOUND_STATES = ("EXPECTED", "PARTIALLY_RECEIVED", "RECEIVED", "CANCELLED")
KINDS = ("OVER", "UNDER", "DAMAGED")
SETTLED = ("OPEN", "ACCEPTED", "CREDITED", "RECOUNTED")
DISPOSALS = ("scrap", "return", "keep")


class ExpectedItemIn(Serializer):
    """Units of a SKU (id or code) that shall come. The cost counts where there is no order."""

    sku_id = serializers.CharField(max_length=100)
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_UNITS)
    unit_cost = MoneyField(min_amount=0, required=False)

    def validate_unit_cost(self, cost: Any) -> Any:
        """In the currency of the books."""
        if cost.currency != CURRENCY:
            raise serializers.ValidationError(f"The books are kept in {CURRENCY}.")
        return cost


class InboundIn(Serializer):
    """A delivery; of a purchase order without items: all that is outstanding of it and not announced yet."""

    purchase_order_id = serializers.UUIDField(required=False, allow_null=True)
    items = ExpectedItemIn(many=True, default=list)
    location_id = serializers.CharField(max_length=40, default=LOCATION)
    supplier = serializers.RegexField(CODE, default="", allow_blank=True)
    reference = serializers.CharField(max_length=100, default="", allow_blank=True)
    expected_at = serializers.DateTimeField(required=False, allow_null=True)

    def validate_items(self, items: list[Any]) -> list[Any]:
        """Bounded, because it is one transaction."""
        return bounded(items)


class ArrivedItemIn(Serializer):
    """What was unloaded of a SKU (id or code), with its lot or serials where it has some."""

    sku_id = serializers.CharField(max_length=100)
    received = serializers.IntegerField(min_value=0, max_value=MAX_UNITS, default=0)
    damaged = serializers.IntegerField(min_value=0, max_value=MAX_UNITS, default=0)
    lot = serializers.CharField(max_length=100, default="", allow_blank=True)
    expires_on = serializers.DateField(required=False, allow_null=True)
    serials = serializers.ListField(
        child=serializers.CharField(max_length=100), max_length=1000, default=list
    )


class ReceiveIn(Serializer):
    """One unloading. ``final``: nothing more will come, so that what is missing is noted."""

    items = ArrivedItemIn(many=True, default=list)
    final = serializers.BooleanField(default=False)
    received_at = serializers.DateTimeField(required=False)
    idempotency_key = serializers.CharField(required=False, max_length=255)

    def validate_items(self, items: list[Any]) -> list[Any]:
        """Bounded, because it is one transaction."""
        return bounded(items)


class InboundLineOut(Serializer):
    """A SKU of a delivery."""

    sku_id = serializers.UUIDField()
    expected = serializers.IntegerField()
    received = serializers.IntegerField()
    damaged = serializers.IntegerField()


class DiscrepancyOut(Serializer):
    """Units that differ; cost and credit in minor units of the books' currency.

    ``inHouse`` of them lie among the location's damaged units; ``disposal`` is what became of broken ones.
    """

    discrepancy_id = serializers.UUIDField(source="id")
    inbound_id = serializers.UUIDField()
    sku_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=KINDS)
    quantity = serializers.IntegerField(source="units")
    cost_minor = serializers.IntegerField()
    credit_minor = serializers.IntegerField()
    state = serializers.ChoiceField(choices=SETTLED)
    note = serializers.CharField()
    in_house = serializers.IntegerField()
    disposal = serializers.ChoiceField(choices=DISPOSALS, allow_blank=True)


class InboundOut(Serializer):
    """A delivery, and where it differs from what was expected."""

    inbound_id = serializers.UUIDField(source="id")
    number = serializers.CharField()
    purchase_order_id = serializers.UUIDField(source="order_id", allow_null=True)
    location_id = serializers.CharField(source="location")
    supplier = serializers.CharField()
    reference = serializers.CharField()
    state = serializers.ChoiceField(choices=INBOUND_STATES)
    expected_at = serializers.DateTimeField(allow_null=True)
    called_off_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    lines = InboundLineOut(many=True)
    discrepancies = DiscrepancyOut(many=True)


class InboundQuery(Serializer):
    """Which deliveries."""

    state = serializers.ChoiceField(choices=INBOUND_STATES, required=False)
    purchase_order_id = serializers.UUIDField(required=False)


class DiscrepancyQuery(Serializer):
    """Which differences."""

    state = serializers.ChoiceField(choices=SETTLED, required=False)


class SettleIn(Serializer):
    """accept; credit with what the supplier gives back; recount with how many units differ in truth.

    ``disposal`` of broken units: accepted ones are scrapped and credited ones go back, unless it says otherwise.
    """

    how = serializers.ChoiceField(choices=("accept", "credit", "recount"))
    credit = MoneyField(min_amount=1, required=False)
    counted = serializers.IntegerField(min_value=0, max_value=MAX_UNITS, required=False)
    disposal = serializers.ChoiceField(choices=DISPOSALS, required=False)
    note = serializers.CharField(max_length=200, default="", allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Each way asks for its own."""
        if attrs["how"] == "credit" and "credit" not in attrs:
            raise serializers.ValidationError({"credit": "Say what the supplier gives back."})
        if attrs["how"] == "recount" and "counted" not in attrs:
            raise serializers.ValidationError({"counted": "Say how many units differ."})
        if "credit" in attrs and attrs["credit"].currency != CURRENCY:
            raise serializers.ValidationError({"credit": f"The books are kept in {CURRENCY}."})
        return attrs
