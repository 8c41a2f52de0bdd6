"""The JSON of price lists and prices."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from apps.pricing.rest.serializers.fields import AmountField, currency_field
from ecommerce.http import MoneyField, Serializer

MAX_BULK = 1000


class PriceListIn(Serializer):
    code = serializers.SlugField(max_length=64)
    name = serializers.CharField(max_length=200)
    channel = serializers.SlugField(max_length=64)
    currency = currency_field()
    priority = serializers.IntegerField(default=0)
    prices_include_tax = serializers.BooleanField(default=True)
    valid_from = serializers.DateTimeField(allow_null=True, default=None)
    valid_to = serializers.DateTimeField(allow_null=True, default=None)


class PriceListOut(PriceListIn):
    """The prices of one channel in one currency; of several that hold the highest priority wins."""

    id = serializers.UUIDField()
    status = serializers.CharField()
    version = serializers.IntegerField()


class PriceListsQuery(Serializer):
    channel = serializers.CharField(max_length=64, required=False)
    currency = currency_field(required=False)


class _OneCurrency(Serializer):
    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        compare_at = attrs["compare_at"]
        if compare_at is not None and compare_at.currency != attrs["amount"].currency:
            raise serializers.ValidationError({"compareAt": ["Not the currency of the amount."]})
        return attrs


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "From the first of December on",
            request_only=True,
            value={
                "priceListId": "01937a1e-3b1c-7c4e-9d1a-5f0e6a7b8c9d",
                "skuId": "01937a1e-3b1c-7c4e-9d1a-5f0e6a7b8c9e",
                "amount": {"amount": 1999, "currency": "EUR"},
                "compareAt": {"amount": 2499, "currency": "EUR"},
                "validFrom": "2026-12-01T00:00:00Z",
            },
        )
    ]
)
class PriceIn(_OneCurrency):
    """A price from ``validFrom`` (now, where not told) until ``validTo`` (for good, where not told)."""

    price_list_id = serializers.UUIDField()
    sku_id = serializers.UUIDField()
    amount = MoneyField(min_amount=0)
    compare_at = MoneyField(min_amount=0, allow_null=True, default=None)
    min_quantity = serializers.IntegerField(min_value=1, max_value=100_000, default=1)
    valid_from = serializers.DateTimeField(allow_null=True, default=None)
    valid_to = serializers.DateTimeField(allow_null=True, default=None)
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class ChangePriceIn(_OneCurrency):
    """What the price shall say from ``effectiveFrom`` (now, where not told) on."""

    amount = MoneyField(min_amount=0)
    compare_at = MoneyField(min_amount=0, allow_null=True, default=None)
    valid_to = serializers.DateTimeField(allow_null=True, default=None)
    effective_from = serializers.DateTimeField(allow_null=True, default=None)
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class PriceOut(Serializer):
    """One row of the history of prices."""

    id = serializers.UUIDField()
    price_list_id = serializers.UUIDField()
    price_list = serializers.CharField(source="price_list_code")
    channel = serializers.CharField()
    sku_id = serializers.UUIDField()
    amount = AmountField()
    compare_at = AmountField(allow_null=True)
    min_quantity = serializers.IntegerField()
    valid_from = serializers.DateTimeField()
    valid_to = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    replaces_id = serializers.UUIDField(allow_null=True)
    reason = serializers.CharField()
    version = serializers.IntegerField()


class PublicPriceOut(Serializer):
    """A price as shoppers may know it."""

    id = serializers.UUIDField()
    price_list = serializers.CharField(source="price_list_code")
    channel = serializers.CharField()
    sku_id = serializers.UUIDField()
    amount = AmountField()
    compare_at = AmountField(allow_null=True)
    min_quantity = serializers.IntegerField()
    valid_from = serializers.DateTimeField()
    valid_to = serializers.DateTimeField(allow_null=True)


class PublicPricesOut(Serializer):
    results = PublicPriceOut(many=True)


class PricesQuery(Serializer):
    """``at`` (or a ``date``, its midnight in UTC) lies in the past or the future as one likes."""

    sku = serializers.CharField(max_length=100, help_text="The SKU's id or code")
    currency = currency_field(required=False)
    channel = serializers.CharField(max_length=64, required=False)
    at = serializers.DateTimeField(required=False)
    date = serializers.DateField(required=False)


class HistoryQuery(Serializer):
    sku = serializers.CharField(max_length=100, help_text="The SKU's id or code")


class AtQuery(Serializer):
    at = serializers.DateTimeField(required=False)


class BulkPriceIn(_OneCurrency):
    """What a SKU shall cost from now on."""

    sku_id = serializers.UUIDField()
    amount = MoneyField(min_amount=0)
    compare_at = MoneyField(min_amount=0, allow_null=True, default=None)
    min_quantity = serializers.IntegerField(min_value=1, max_value=100_000, default=1)


class BulkPricesIn(Serializer):
    """What these shall cost in the list from now on. An item that does not fit is refused alone."""

    price_list_id = serializers.UUIDField()
    items = serializers.ListField(child=BulkPriceIn(), min_length=1, max_length=MAX_BULK)
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class BulkEnvelope(Serializer):
    """The same with its items unread, so that each can be refused alone."""

    price_list_id = serializers.UUIDField()
    items = serializers.ListField(
        child=serializers.JSONField(allow_null=True), min_length=1, max_length=MAX_BULK
    )
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class BulkOutcomeOut(Serializer):
    """What became of an item: created, changed, unchanged or refused."""

    index = serializers.IntegerField()
    sku_id = serializers.CharField(allow_null=True)
    outcome = serializers.ChoiceField(choices=["created", "changed", "unchanged", "refused"])
    price_id = serializers.UUIDField(allow_null=True)
    detail = serializers.CharField()


class BulkPricesOut(Serializer):
    results = BulkOutcomeOut(many=True)
