"""The JSON of checkouts and sagas."""

from typing import Any

import pycountry
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from apps.orders.types import Address
from ecommerce.http import MoneyField, PercentField, Serializer

STATES = ("RUNNING", "COMPENSATING", "COMPLETED", "COMPENSATED", "STUCK")
ADDRESS = {
    "name": "Ada Byron",
    "line1": "1 Dorset Street",
    "city": "Amsterdam",
    "postalCode": "1011 AB",
    "country": "NL",
}


class AddressIn(Serializer):
    """Where something goes, and to whom."""

    name = serializers.CharField(max_length=200)
    company = serializers.CharField(max_length=200, default="", allow_blank=True)
    line1 = serializers.CharField(max_length=200)
    line2 = serializers.CharField(max_length=200, default="", allow_blank=True)
    city = serializers.CharField(max_length=120)
    postal_code = serializers.CharField(max_length=20)
    region = serializers.CharField(max_length=120, default="", allow_blank=True)
    country = serializers.RegexField(r"^[A-Z]{2}$", help_text="ISO 3166-1 alpha-2")
    phone = serializers.CharField(max_length=32, default="", allow_blank=True)

    def validate_country(self, code: str) -> str:
        if pycountry.countries.get(alpha_2=code) is None:
            raise serializers.ValidationError("No such country.", code="country")
        return code


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A guest's purchase",
            request_only=True,
            value={
                "cartId": "01937a1e-3b1c-7c4e-9d1a-5f0e6a7b8c9d",
                "email": "ada@example.com",
                "shippingAddress": ADDRESS,
                "shippingMethod": "standard",
                "paymentMethod": "tok_visa",
            },
        )
    ]
)
class StartIn(Serializer):
    """A cart to price for good. The payment method is the gateway's token, never a card number."""

    cart_id = serializers.UUIDField()
    email = serializers.EmailField(max_length=254)
    shipping_address = AddressIn()
    billing_address = AddressIn(required=False, allow_null=True, default=None)
    shipping_method = serializers.CharField(max_length=64)
    payment_method = serializers.CharField(max_length=200)
    coupon_codes = serializers.ListField(
        child=serializers.CharField(max_length=64), max_length=10, default=list
    )


class ConfirmIn(Serializer):
    """Nothing is needed; after a declined card, another one."""

    payment_method = serializers.CharField(max_length=200, required=False)


class AddressOut(Serializer):
    """Where something goes, and to whom."""

    name = serializers.CharField()
    company = serializers.CharField()
    line1 = serializers.CharField()
    line2 = serializers.CharField()
    city = serializers.CharField()
    postal_code = serializers.CharField()
    region = serializers.CharField()
    country = serializers.CharField()
    phone = serializers.CharField()


class CheckoutLineOut(Serializer):
    """A line of the frozen quote."""

    line_id = serializers.UUIDField()
    sku_id = serializers.UUIDField()
    sku_code = serializers.CharField()
    product_id = serializers.UUIDField()
    title = serializers.CharField()
    seller = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = MoneyField()
    subtotal = MoneyField()
    discount = MoneyField()
    tax = MoneyField()
    tax_rate = PercentField(max_digits=9, decimal_places=6)
    total = MoneyField()


class ReasonOut(Serializer):
    """Why a rule did, or did not, change the price."""

    rule = serializers.CharField()
    outcome = serializers.CharField()
    why = serializers.CharField()


class CheckoutOut(Serializer):
    """A purchase in progress, or what became of it."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(
        choices=("OPEN", "PROCESSING", "COMPLETED", "FAILED", "EXPIRED")
    )
    version = serializers.IntegerField()
    attempt = serializers.IntegerField()
    cart_id = serializers.UUIDField()
    cart_version = serializers.IntegerField()
    channel = serializers.CharField()
    currency = serializers.CharField()
    lines = CheckoutLineOut(many=True)
    subtotal = MoneyField()
    discount = MoneyField()
    shipping = MoneyField()
    shipping_tax = MoneyField()
    tax = MoneyField()
    total = MoneyField()
    prices_include_tax = serializers.BooleanField()
    coupon_codes = serializers.ListField(child=serializers.CharField())
    reasons = ReasonOut(many=True)
    shipping_method = serializers.CharField()
    shipping_name = serializers.CharField()
    email = serializers.CharField()
    shipping_address = AddressOut()
    billing_address = AddressOut()
    quote_id = serializers.UUIDField()
    order_id = serializers.UUIDField(allow_null=True)
    order_number = serializers.CharField(allow_null=True)
    payment_id = serializers.UUIDField(allow_null=True)
    failure_code = serializers.CharField()
    decline_code = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    completed_at = serializers.DateTimeField(allow_null=True)


class SagaEntryOut(Serializer):
    """Something that a saga did, and what came of it."""

    step = serializers.CharField()
    outcome = serializers.CharField()
    detail = serializers.CharField()
    at = serializers.DateTimeField()


class SagaSummaryOut(Serializer):
    """A purchase on its way, in a list."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    step = serializers.CharField()
    checkout_id = serializers.UUIDField()
    attempt = serializers.IntegerField()
    order_id = serializers.UUIDField()
    payment_id = serializers.UUIDField()
    tries = serializers.IntegerField()
    last_error = serializers.CharField()
    next_attempt_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class SagaOut(SagaSummaryOut):
    """A purchase on its way, as operators see it."""

    failure = serializers.DictField(child=serializers.CharField())
    log = SagaEntryOut(many=True)
    lease_until = serializers.DateTimeField(allow_null=True)


class SagasQuery(Serializer):
    """How the list of sagas is narrowed."""

    state = serializers.ChoiceField(choices=STATES, required=False)
    checkout_id = serializers.UUIDField(required=False)
    order_id = serializers.UUIDField(required=False)


def address_of(fields: dict[str, Any] | None) -> Address | None:
    """The address that was sent, if one was."""
    return Address(**fields) if fields else None
