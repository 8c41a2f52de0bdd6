"""The JSON of tax calculations."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from apps.pricing.rest.serializers.fields import (
    AmountField,
    region_field,
)
from ecommerce.http import CountryField, MoneyField, PercentField, Serializer


class TaxLineIn(Serializer):
    line_id = serializers.CharField(max_length=64)
    amount = MoneyField(min_amount=0)
    tax_class = serializers.SlugField(max_length=64, default="standard")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A book and a mug, sent to Germany",
            request_only=True,
            value={
                "country": "DE",
                "pricesIncludeTax": True,
                "lines": [
                    {
                        "lineId": "1",
                        "amount": {"amount": 1299, "currency": "EUR"},
                        "taxClass": "reduced",
                    },
                    {"lineId": "2", "amount": {"amount": 1999, "currency": "EUR"}},
                ],
            },
        )
    ]
)
class CalculateTaxIn(Serializer):
    """Amounts of one currency. ``at`` asks for the rates of another day."""

    country = CountryField()
    region = region_field()
    prices_include_tax = serializers.BooleanField(default=True)
    lines = serializers.ListField(child=TaxLineIn(), min_length=1, max_length=500)
    at = serializers.DateTimeField(required=False)

    def validate_lines(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({line["amount"].currency for line in lines}) > 1:
            raise serializers.ValidationError("All amounts are of one currency.")
        return lines


class TaxedLineOut(Serializer):
    """``taxRate`` is in percent."""

    line_id = serializers.CharField()
    net = AmountField()
    tax = AmountField()
    gross = AmountField()
    tax_rate = PercentField()
    tax_name = serializers.CharField()


class TaxResultOut(Serializer):
    """The totals are the sums of the lines, each rounded half up."""

    currency = serializers.CharField()
    lines = TaxedLineOut(many=True)
    net = AmountField()
    tax = AmountField()
    gross = AmountField()
