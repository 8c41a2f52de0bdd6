"""The JSON of tax calculations."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from apps.pricing.rest.serializers.fields import (
    AmountField,
    country_field,
    currency_field,
    region_field,
)
from ecommerce.http import Serializer


class TaxLineIn(Serializer):
    line_id = serializers.CharField(max_length=64)
    amount = serializers.IntegerField(min_value=0, max_value=2**53 - 1, source="amount_minor")
    tax_class = serializers.SlugField(max_length=64, default="standard")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A book and a mug, sent to Germany",
            request_only=True,
            value={
                "country": "DE",
                "currency": "EUR",
                "pricesIncludeTax": True,
                "lines": [
                    {"lineId": "1", "amount": 1299, "taxClass": "reduced"},
                    {"lineId": "2", "amount": 1999},
                ],
            },
        )
    ]
)
class CalculateTaxIn(Serializer):
    """``at`` asks for the rates of another day."""

    country = country_field()
    region = region_field()
    currency = currency_field()
    prices_include_tax = serializers.BooleanField(default=True)
    lines = serializers.ListField(child=TaxLineIn(), min_length=1, max_length=500)
    at = serializers.DateTimeField(required=False)


class TaxedLineOut(Serializer):
    """``taxRate`` is in percent."""

    line_id = serializers.CharField()
    net = AmountField()
    tax = AmountField()
    gross = AmountField()
    tax_rate = serializers.DecimalField(max_digits=7, decimal_places=4)
    tax_name = serializers.CharField()


class TaxResultOut(Serializer):
    """The totals are the sums of the lines, each rounded half up."""

    currency = serializers.CharField()
    lines = TaxedLineOut(many=True)
    net = AmountField()
    tax = AmountField()
    gross = AmountField()
