"""The JSON of carts."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from apps.cart.types import MAX_LINES, MAX_QUANTITY
from ecommerce import dimensions
from ecommerce.http import CountryField, MoneyField, Serializer
from ecommerce.money import Money


class AmountField(MoneyField):
    """Money from a plain object's ``<name>_minor`` and ``currency``."""

    def get_attribute(self, instance: Any) -> Any:
        amount = getattr(instance, f"{self.source}_minor")
        return None if amount is None else Money(amount, instance.currency)


class CreateCartIn(Serializer):
    channel = serializers.SlugField(max_length=64, default=dimensions.CHANNEL)
    currency = serializers.RegexField(
        r"^[A-Z]{3}$",
        required=False,
        help_text="One of the channel's; its first where none is told.",
    )
    locale = serializers.RegexField(
        r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35, required=False
    )
    country = CountryField(default="")
    region = serializers.RegexField(r"^[A-Z0-9-]{1,16}$", required=False, default="")


@extend_schema_serializer(
    examples=[
        OpenApiExample("Two of a SKU, told by its code", value={"skuId": "MUG-BLUE", "quantity": 2})
    ]
)
class AddItemIn(Serializer):
    """``skuId`` is a SKU's id or its code. What the caller thinks that it costs is of no interest."""

    sku_id = serializers.CharField(max_length=100)
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY, default=1)


class QuantityIn(Serializer):
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY)


class WantedItemIn(Serializer):
    sku_id = serializers.UUIDField()
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY)


class ReplaceItemsIn(Serializer):
    items = serializers.ListField(child=WantedItemIn(), max_length=MAX_LINES)


class CouponIn(Serializer):
    coupon_code = serializers.CharField(max_length=64)


class MergeIn(Serializer):
    guest_cart_id = serializers.UUIDField()
    strategy = serializers.ChoiceField(choices=["sum", "preferAuth"], default="sum")


class AddedItemOut(Serializer):
    """The line after the addition, with what it costs now."""

    cart_id = serializers.UUIDField()
    version = serializers.IntegerField()
    id = serializers.UUIDField(source="line_id")
    sku_id = serializers.UUIDField()
    sku = serializers.CharField()
    quantity = serializers.IntegerField()
    added = serializers.IntegerField()
    unit_price = AmountField()
    subtotal = AmountField()


class CartItemOut(Serializer):
    """A line; amounts are null where the SKU has no price."""

    id = serializers.UUIDField(source="line_id")
    sku_id = serializers.UUIDField()
    sku = serializers.CharField()
    product_id = serializers.UUIDField(allow_null=True)
    title = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField())
    image = serializers.CharField(allow_null=True)
    quantity = serializers.IntegerField()
    available = serializers.IntegerField()
    unit_price = AmountField(allow_null=True)
    list_price = AmountField(allow_null=True)
    subtotal = AmountField(allow_null=True)
    discount = AmountField(allow_null=True)
    tax = AmountField(allow_null=True)
    total = AmountField(allow_null=True)


class ProblemOut(Serializer):
    """What stands in the way of buying the cart as it is."""

    code = serializers.CharField()
    detail = serializers.CharField()
    item_id = serializers.UUIDField(source="line_id", allow_null=True)
    sku_id = serializers.UUIDField(allow_null=True)
    available = serializers.IntegerField(allow_null=True)


class ReasonOut(Serializer):
    """Why a rule did, or did not, change the price."""

    rule = serializers.CharField()
    outcome = serializers.CharField()
    code = serializers.CharField()
    why = serializers.CharField()


class AppliedOut(Serializer):
    rule = serializers.CharField()
    why = serializers.CharField()
    amount = MoneyField()


class CartSummaryOut(Serializer):
    """The short form, for a badge in the corner of a page."""

    id = serializers.UUIDField(source="cart.id")
    status = serializers.CharField(source="cart.status")
    version = serializers.IntegerField(source="cart.version")
    channel = serializers.CharField(source="cart.channel")
    currency = serializers.CharField()
    line_count = serializers.IntegerField()
    item_count = serializers.IntegerField()
    subtotal = AmountField()
    discount = AmountField()
    tax = AmountField()
    total = AmountField()
    problem_count = serializers.IntegerField()
    last_updated = serializers.DateTimeField(source="cart.updated_at")


class CartOut(CartSummaryOut):
    """A cart with live prices. ``total`` is what it costs now, shipping aside."""

    locale = serializers.CharField(source="cart.locale")
    country = serializers.CharField(source="cart.country", allow_null=True)
    region = serializers.CharField(source="cart.region", allow_null=True)
    customer_id = serializers.UUIDField(source="cart.customer_id", allow_null=True)
    order_id = serializers.UUIDField(source="cart.order_id", allow_null=True)
    merged_into = serializers.UUIDField(source="cart.merged_into", allow_null=True)
    prices_include_tax = serializers.BooleanField()
    items = CartItemOut(many=True, source="lines")
    coupon_codes = serializers.ListField(child=serializers.CharField(), source="cart.coupon_codes")
    applied_promotions = AppliedOut(many=True, source="applied")
    reasons = ReasonOut(many=True)
    problems = ProblemOut(many=True)
    created_at = serializers.DateTimeField(source="cart.created_at")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A guest's new cart",
            response_only=True,
            value={
                "id": "01937a1e-3b1c-7c4e-9d1a-5f0e6a7b8c9d",
                "status": "open",
                "version": 1,
                "currency": "EUR",
                "guestToken": "1fZ…",
            },
        )
    ]
)
class CreatedCartOut(CartOut):
    """``guestToken`` is the proof that the cart is the guest's: send it as the Guest-Token header."""

    guest_token = serializers.CharField(required=False)


class MergedLineOut(Serializer):
    """What became of a SKU of the guest's cart; ``capped`` where units were left out."""

    sku_id = serializers.UUIDField()
    guest_quantity = serializers.IntegerField()
    quantity = serializers.IntegerField()
    capped = serializers.BooleanField()


class MergeOut(Serializer):
    """The customer's cart after the merge, and the report of it."""

    cart = CartOut()
    merged = MergedLineOut(many=True)
