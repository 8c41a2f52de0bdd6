"""Fields that several documents of pricing share."""

from typing import Any

from rest_framework import serializers

from ecommerce.http import MoneyField, Serializer
from ecommerce.money import Money


class AmountField(MoneyField):
    """Money from a plain object's ``<name>_minor``; the currency is the object's, or the context's."""

    def get_attribute(self, instance: Any) -> Any:
        amount = getattr(instance, f"{self.source}_minor")
        currency = getattr(instance, "currency", None) or self.context["currency"]
        return None if amount is None else Money(amount, currency)


class ReasonOut(Serializer):
    """Why a rule did, or did not, change the result. ``code`` is stable, ``why`` is for people."""

    rule = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["applied", "refused"])
    code = serializers.CharField()
    why = serializers.CharField()
    amount = AmountField()


class ItemIn(Serializer):
    """So many of a SKU."""

    sku_id = serializers.UUIDField()
    quantity = serializers.IntegerField(min_value=1, max_value=100_000, default=1)


def currency_field(**kwargs: Any) -> serializers.RegexField:
    return serializers.RegexField(r"^[A-Z]{3}$", help_text="ISO 4217", **kwargs)


def region_field() -> serializers.RegexField:
    return serializers.RegexField(
        r"^[A-Z0-9-]{1,16}$", required=False, help_text="ISO 3166-2 without the country"
    )
