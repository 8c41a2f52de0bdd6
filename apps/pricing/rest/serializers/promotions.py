"""The JSON of promotions and coupons: conditions and actions on the wire, one flat rule inside."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from apps.pricing.types import FIXED, PERCENTAGE, CreatePromotion, Promotion
from ecommerce.errors import Fault, Invalid
from ecommerce.http import MoneyField, PercentField, Serializer
from ecommerce.identity import Viewer
from ecommerce.money import Money

CONDITIONS = ("channel_is", "currency_is", "sku_in", "category_in", "subtotal_at_least")


class ConditionField(Serializer):
    """``type`` says which other member counts: channel, currency, skuIds, categoryIds (or categoryId), amount."""

    type = serializers.ChoiceField(choices=CONDITIONS)
    channel = serializers.SlugField(max_length=64, required=False)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)
    sku_ids = serializers.ListField(
        child=serializers.UUIDField(), required=False, min_length=1, max_length=1000
    )
    category_id = serializers.UUIDField(required=False)
    category_ids = serializers.ListField(
        child=serializers.UUIDField(), required=False, min_length=1, max_length=1000
    )
    amount = MoneyField(required=False, min_amount=0)


class ConditionsField(Serializer):
    """Every one of them holds. SKUs and categories also say which lines the discount is taken off."""

    all = serializers.ListField(child=ConditionField(), required=False, default=list, max_length=20)


class ActionField(Serializer):
    """``value`` is a percentage, ``amount`` a fixed discount; free shipping has neither."""

    type = serializers.ChoiceField(
        choices=["percentage_discount", "fixed_discount", "free_shipping"]
    )
    value = PercentField(required=False)
    amount = MoneyField(required=False, min_amount=0)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A fifth off a category in June",
            request_only=True,
            value={
                "code": "promo-2026-summer",
                "name": "Summer Sale 2026",
                "priority": 100,
                "validFrom": "2026-06-01T00:00:00Z",
                "validTo": "2026-07-01T00:00:00Z",
                "conditions": {
                    "all": [
                        {
                            "type": "category_in",
                            "categoryId": "01937a1e-3b1c-7c4e-9d1a-5f0e6a7b8c9e",
                        },
                        {"type": "channel_is", "channel": "web"},
                    ]
                },
                "actions": [{"type": "percentage_discount", "value": 20}],
                "stacking": "combinable",
            },
        )
    ]
)
class PromotionIn(Serializer):
    """Rules run by priority, the highest first, ties by id; an exclusive one applies alone."""

    code = serializers.SlugField(max_length=64)
    name = serializers.CharField(max_length=200)
    priority = serializers.IntegerField(default=0)
    stacking = serializers.ChoiceField(choices=["exclusive", "combinable"], default="combinable")
    status = serializers.ChoiceField(choices=["draft", "active", "paused"], default="active")
    needs_coupon = serializers.BooleanField(default=False)
    valid_from = serializers.DateTimeField(allow_null=True, default=None)
    valid_to = serializers.DateTimeField(allow_null=True, default=None)
    conditions = ConditionsField(required=False)
    actions = serializers.ListField(child=ActionField(), min_length=1, max_length=1)


class PromotionStatusIn(Serializer):
    status = serializers.ChoiceField(choices=["draft", "active", "paused", "archived"])


class PromotionOut(Serializer):
    id = serializers.UUIDField()
    code = serializers.CharField()
    name = serializers.CharField()
    priority = serializers.IntegerField()
    stacking = serializers.CharField()
    status = serializers.CharField()
    needs_coupon = serializers.BooleanField()
    valid_from = serializers.DateTimeField(allow_null=True)
    valid_to = serializers.DateTimeField(allow_null=True)
    conditions = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()
    version = serializers.IntegerField()

    @extend_schema_field(ConditionsField)
    def get_conditions(self, rule: Promotion) -> dict[str, Any]:
        return {"all": list(_conditions(rule))}

    @extend_schema_field(ActionField(many=True))
    def get_actions(self, rule: Promotion) -> list[dict[str, Any]]:
        if rule.effect == PERCENTAGE:
            return [{"type": rule.effect, "value": PercentField().to_representation(rule.percent)}]
        if rule.effect == FIXED:
            return [{"type": rule.effect, "amount": _money(rule.amount_minor, rule.currency)}]
        return [{"type": rule.effect}]


class PromotionsOut(Serializer):
    results = PromotionOut(many=True)


class ActiveQuery(Serializer):
    channel = serializers.SlugField(max_length=64, required=False)
    at = serializers.DateTimeField(required=False)


class CouponIn(Serializer):
    """A code that brings a promotion in, ``usageLimit`` times in all and so often per customer."""

    code = serializers.CharField(max_length=64)
    promotion_id = serializers.UUIDField()
    usage_limit = serializers.IntegerField(min_value=1, allow_null=True, default=None)
    per_customer_limit = serializers.IntegerField(min_value=1, allow_null=True, default=None)
    valid_from = serializers.DateTimeField(allow_null=True, default=None)
    valid_to = serializers.DateTimeField(allow_null=True, default=None)


class CouponOut(Serializer):
    id = serializers.UUIDField()
    code = serializers.CharField()
    promotion_id = serializers.UUIDField()
    promotion = serializers.CharField()
    status = serializers.CharField()
    usage_limit = serializers.IntegerField(allow_null=True)
    per_customer_limit = serializers.IntegerField(allow_null=True)
    held = serializers.IntegerField()
    redeemed = serializers.IntegerField()
    valid_from = serializers.DateTimeField(allow_null=True)
    valid_to = serializers.DateTimeField(allow_null=True)


class RedeemIn(Serializer):
    coupon_code = serializers.CharField(max_length=64)
    order_id = serializers.UUIDField()
    customer_id = serializers.UUIDField(allow_null=True, default=None)


class ReleaseIn(Serializer):
    order_id = serializers.UUIDField()


class ReleasedOut(Serializer):
    released = serializers.IntegerField()


def rule_of(body: dict[str, Any], *, actor: Viewer) -> CreatePromotion:
    """The flat rule that conditions and an action mean. Raises Invalid for a member that is missing."""
    flat = {name: value for name, value in body.items() if name not in ("conditions", "actions")}
    [action] = body["actions"]
    amount: Money | None = action.get("amount")
    conditions = body.get("conditions", {}).get("all", [])
    flat |= {
        "effect": action["type"],
        "percent": action.get("value", Decimal(0)),
        "amount_minor": amount.amount if amount else 0,
    }
    currencies = [amount.currency] if amount else []
    for number, condition in enumerate(conditions):
        flat |= _flat(condition, number, currencies)
    if len(set(currencies)) > 1:
        raise _fault("/conditions/all", "Amounts and conditions name several currencies.")
    return CreatePromotion(**flat, currency=currencies[0] if currencies else "", actor=actor)


def _flat(condition: dict[str, Any], number: int, currencies: list[str]) -> dict[str, Any]:
    member = _MEMBER[condition["type"]]
    value = condition.get(member)
    if value is None and member == "category_ids" and "category_id" in condition:
        value = [condition["category_id"]]
    if value is None:
        raise _fault(f"/conditions/all/{number}/{member}", "Needed by this type of condition.")
    if member == "currency":
        currencies.append(value)
        return {}
    if member == "amount":
        currencies.append(value.currency)
        return {"min_subtotal_minor": value.amount}
    return {member: value}


_MEMBER = {
    "channel_is": "channel",
    "currency_is": "currency",
    "sku_in": "sku_ids",
    "category_in": "category_ids",
    "subtotal_at_least": "amount",
}


def _conditions(rule: Promotion) -> Any:
    if rule.channel:
        yield {"type": "channel_is", "channel": rule.channel}
    if rule.currency:
        yield {"type": "currency_is", "currency": rule.currency}
    if rule.min_subtotal_minor:
        yield {
            "type": "subtotal_at_least",
            "amount": _money(rule.min_subtotal_minor, rule.currency),
        }
    if rule.sku_ids:
        yield {"type": "sku_in", "skuIds": [str(sku_id) for sku_id in rule.sku_ids]}
    if rule.category_ids:
        yield {"type": "category_in", "categoryIds": [str(one) for one in rule.category_ids]}


def _money(amount: int, currency: str) -> dict[str, Any]:
    return {"amount": amount, "currency": currency}


def _fault(pointer: str, detail: str) -> Invalid:
    return Invalid("The promotion is not complete.", faults=[Fault(pointer=pointer, detail=detail)])
