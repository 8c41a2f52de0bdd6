"""What the buying endpoints take and give."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from apps.inventory.rest.lot_serializers import MAX_UNITS
from ecommerce.dimensions import CURRENCY, LOCATION
from ecommerce.http import MoneyField, Serializer
from ecommerce.money import Money

MAX_LINES = 500
ORDER_STATES = ("DRAFT", "APPROVED", "SENT", "PARTIALLY_RECEIVED", "CLOSED", "CANCELLED")
CODE = r"^[A-Za-z0-9_-]{1,40}$"


def bounded(items: list[Any]) -> list[Any]:
    """Refuses more items than one transaction should hold."""
    if len(items) > MAX_LINES:
        raise serializers.ValidationError(f"At most {MAX_LINES} items.")
    return items


class SupplierIn(Serializer):
    """A supplier as it shall be. Days may have two decimals; the spread is a standard deviation."""

    name = serializers.CharField(max_length=200)
    email = serializers.EmailField(max_length=254, default="", allow_blank=True)
    currency = serializers.RegexField(r"^[A-Z]{3}$", default=CURRENCY)
    lead_time_days = serializers.DecimalField(
        max_digits=6, decimal_places=2, min_value=0, default=Decimal(7)
    )
    lead_time_spread_days = serializers.DecimalField(
        max_digits=6, decimal_places=2, min_value=0, default=Decimal(0)
    )
    active = serializers.BooleanField(default=True)


class NewSupplierIn(SupplierIn):
    """A supplier with its code."""

    code = serializers.RegexField(CODE)


class SupplierOut(Serializer):
    """Who sells to the shop."""

    supplier_id = serializers.UUIDField(source="id")
    code = serializers.CharField()
    name = serializers.CharField()
    email = serializers.CharField()
    currency = serializers.CharField()
    lead_time_days = serializers.DecimalField(max_digits=6, decimal_places=2)
    lead_time_spread_days = serializers.DecimalField(max_digits=6, decimal_places=2)
    active = serializers.BooleanField()


class TermIn(Serializer):
    """On which terms a SKU (id or code) is sold."""

    sku_id = serializers.CharField(max_length=100)
    unit_cost = MoneyField(min_amount=0)
    supplier_sku = serializers.CharField(max_length=100, default="", allow_blank=True)
    minimum_units = serializers.IntegerField(min_value=1, max_value=MAX_UNITS, default=1)
    pack_units = serializers.IntegerField(min_value=1, max_value=MAX_UNITS, default=1)
    preferred = serializers.BooleanField(default=False)


class TermsIn(Serializer):
    """Terms to set; those of other SKUs stay."""

    items = TermIn(many=True, allow_empty=False)

    def validate_items(self, items: list[Any]) -> list[Any]:
        """Bounded, because it is one transaction."""
        return bounded(items)


class TermOut(Serializer):
    """A supplier's terms for a SKU, the cost in minor units of the supplier's currency."""

    sku_id = serializers.UUIDField()
    unit_cost_minor = serializers.IntegerField()
    supplier_sku = serializers.CharField()
    minimum_units = serializers.IntegerField()
    pack_units = serializers.IntegerField()
    preferred = serializers.BooleanField()


class TermsOut(Serializer):
    """The terms as they were saved."""

    results = TermOut(many=True)


class OrderItemIn(Serializer):
    """Units of a SKU (id or code) to buy; without a cost, at the supplier's term."""

    sku_id = serializers.CharField(max_length=100)
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_UNITS)
    unit_cost = MoneyField(min_amount=0, required=False)


class CostIn(Serializer):
    """Freight, duty or another cost of the whole order, split over its lines."""

    kind = serializers.ChoiceField(choices=("freight", "duty", "other"))
    amount = MoneyField(min_amount=0)
    split = serializers.ChoiceField(choices=("value", "quantity"), default="value")


class PurchaseOrderIn(Serializer):
    """What to buy. ``exchangeRate``: the books' currency for one of the supplier's."""

    supplier = serializers.RegexField(CODE)
    items = OrderItemIn(many=True, allow_empty=False)
    location_id = serializers.CharField(max_length=40, default=LOCATION)
    costs = CostIn(many=True, default=list)
    exchange_rate = serializers.DecimalField(max_digits=18, decimal_places=9, default=Decimal(1))
    expected_on = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(max_length=500, default="", allow_blank=True)

    def validate_items(self, items: list[Any]) -> list[Any]:
        """Bounded, because it is one transaction."""
        return bounded(items)

    def validate_costs(self, costs: list[Any]) -> list[Any]:
        """A handful."""
        if len(costs) > 20:
            raise serializers.ValidationError("At most 20 costs.")
        return costs

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """All money of an order is in one currency."""
        sums: list[Money] = [i["unit_cost"] for i in attrs["items"] if "unit_cost" in i]
        sums += [cost["amount"] for cost in attrs["costs"]]
        currencies = {money.currency for money in sums}
        if len(currencies) > 1:
            raise serializers.ValidationError("All amounts have to be in one currency.")
        attrs["currency"] = currencies.pop() if currencies else ""
        return attrs


class SendIn(Serializer):
    """``byHand``: somebody has told the supplier otherwise, and no mail is made."""

    by_hand = serializers.BooleanField(default=False)


class PurchaseLineOut(Serializer):
    """A line and how much of it came."""

    line_id = serializers.UUIDField(source="id")
    sku_id = serializers.UUIDField()
    ordered = serializers.IntegerField()
    received = serializers.IntegerField()
    damaged = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    outstanding = serializers.IntegerField()
    unit_cost_minor = serializers.IntegerField()


class CostOut(Serializer):
    """A cost of the whole order."""

    kind = serializers.CharField()
    amount_minor = serializers.IntegerField()
    split = serializers.ChoiceField(choices=("value", "quantity"))


class PurchaseOrderOut(Serializer):
    """A purchase order; amounts in minor units of its currency."""

    purchase_order_id = serializers.UUIDField(source="id")
    number = serializers.CharField()
    supplier = serializers.CharField()
    location_id = serializers.CharField(source="location")
    state = serializers.ChoiceField(choices=ORDER_STATES)
    currency = serializers.CharField()
    exchange_rate = serializers.DecimalField(max_digits=18, decimal_places=9)
    expected_on = serializers.DateField(allow_null=True)
    note = serializers.CharField()
    author = serializers.CharField()
    approved_by = serializers.CharField()
    reason = serializers.CharField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    mailed_at = serializers.DateTimeField(allow_null=True)
    goods_minor = serializers.IntegerField()
    costs_minor = serializers.IntegerField()
    total_minor = serializers.IntegerField()
    lines = PurchaseLineOut(many=True)
    costs = CostOut(many=True)


class PurchaseOrderQuery(Serializer):
    """Which orders."""

    state = serializers.ChoiceField(choices=ORDER_STATES, required=False)
    supplier = serializers.RegexField(CODE, required=False)


class SupplierQuery(Serializer):
    """Which suppliers."""

    active = serializers.BooleanField(required=False, allow_null=True, default=None)
