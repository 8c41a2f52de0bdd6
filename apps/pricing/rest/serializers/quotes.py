"""The JSON of quotes and of questions about prices."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from apps.pricing.rest.serializers.fields import (
    AmountField,
    ItemIn,
    ReasonOut,
    currency_field,
    region_field,
)
from ecommerce import dimensions
from ecommerce.http import CountryField, PercentField, Serializer


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Two mugs with a code",
            request_only=True,
            value={
                "currency": "EUR",
                "country": "DE",
                "items": [{"skuId": "01937a1e-3b1c-7c4e-9d1a-5f0e6a7b8c9e", "quantity": 2}],
                "couponCodes": ["WELCOME"],
            },
        )
    ]
)
class EvaluateIn(Serializer):
    """``at`` asks for another day. Nothing is recorded, nothing is held."""

    channel = serializers.SlugField(max_length=64, default=dimensions.CHANNEL)
    currency = currency_field(default=dimensions.CURRENCY)
    country = CountryField(required=False)
    region = region_field()
    items = serializers.ListField(child=ItemIn(), min_length=1, max_length=200)
    coupon_codes = serializers.ListField(
        child=serializers.CharField(max_length=64), max_length=10, default=list
    )
    at = serializers.DateTimeField(required=False)


class ValidateCouponIn(EvaluateIn):
    """May the code be used for these items?"""

    coupon_code = serializers.CharField(max_length=64)


class ResolveQuery(Serializer):
    """The price of one SKU, taxed and with what promotions do to it alone."""

    sku = serializers.CharField(max_length=100, help_text="The SKU's id or code")
    channel = serializers.SlugField(max_length=64, default=dimensions.CHANNEL)
    currency = currency_field(default=dimensions.CURRENCY)
    country = CountryField(required=False)
    quantity = serializers.IntegerField(min_value=1, max_value=100_000, default=1)
    at = serializers.DateTimeField(required=False)


class QuotedLineOut(Serializer):
    """``total`` is what is paid for the line, tax included in every case; ``taxRate`` is in percent."""

    line_id = serializers.UUIDField()
    sku_id = serializers.UUIDField()
    quantity = serializers.IntegerField()
    unit_price = AmountField()
    list_price = AmountField(allow_null=True)
    subtotal = AmountField()
    discount = AmountField()
    tax = AmountField()
    tax_rate = PercentField()
    total = AmountField()


class QuoteOut(Serializer):
    """What a cart costs, and why."""

    id = serializers.UUIDField()
    channel = serializers.CharField()
    currency = serializers.CharField()
    country = serializers.CharField(allow_null=True)
    prices_include_tax = serializers.BooleanField()
    lines = QuotedLineOut(many=True)
    subtotal = AmountField()
    discount = AmountField()
    shipping = AmountField()
    shipping_discount = AmountField()
    shipping_tax = AmountField()
    tax = AmountField()
    total = AmountField()
    coupon_codes = serializers.ListField(child=serializers.CharField())
    reasons = ReasonOut(many=True)
    inputs_version = serializers.CharField()
    signature = serializers.CharField()
    created_at = serializers.DateTimeField()


class EvaluationOut(Serializer):
    """What the items would cost, promotions, codes and tax considered."""

    channel = serializers.CharField()
    currency = serializers.CharField()
    prices_include_tax = serializers.BooleanField()
    lines = QuotedLineOut(many=True)
    subtotal = AmountField()
    discount = AmountField()
    tax = AmountField()
    total = AmountField()
    coupon_codes = serializers.ListField(child=serializers.CharField())
    reasons = ReasonOut(many=True)
    inputs_version = serializers.CharField()


class ResolutionOut(Serializer):
    """As an evaluation; SKUs without a price are listed, not refused."""

    prices = EvaluationOut(source="quote")
    missing_sku_ids = serializers.ListField(child=serializers.UUIDField())


class ReplayOut(Serializer):
    """A recorded quote computed again: ``identical`` where seal and every amount are the same."""

    quote_id = serializers.UUIDField()
    identical = serializers.BooleanField()
    signature_valid = serializers.BooleanField()
    recorded_total = AmountField()
    replayed_total = AmountField()
    differences = serializers.ListField(child=serializers.CharField())


class CouponDecisionOut(Serializer):
    """The decision on a code, and the reasons that concern it."""

    code = serializers.CharField()
    decision = serializers.ChoiceField(choices=["accepted", "refused"])
    inputs_version = serializers.CharField()
    discount = AmountField()
    reasons = ReasonOut(many=True)
