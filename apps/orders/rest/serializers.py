"""The JSON of orders."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from ecommerce.http import MoneyField, PercentField, Serializer
from ecommerce.money import Money

STATUSES = ("PENDING", "CONFIRMED", "PAID", "FULFILLED", "COMPLETED", "CANCELED")
PAYMENT_STATUSES = ("PENDING", "AUTHORIZED", "PAID", "PARTIALLY_REFUNDED", "REFUNDED", "VOIDED")


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


class OrderLineOut(Serializer):
    """What was sold, at what price."""

    id = serializers.UUIDField()
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


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "An order for two mugs",
            response_only=True,
            value={
                "id": "01937a1e-3b1c-7c4e-9d1a-5f0e6a7b8c9d",
                "number": "SO-100042",
                "status": "PAID",
                "currency": "EUR",
                "total": {"amount": 4497, "currency": "EUR"},
                "paymentStatus": "PARTIALLY_REFUNDED",
                "refunded": {"amount": 1499, "currency": "EUR"},
                "cancelable": True,
            },
        )
    ]
)
class OrderOut(Serializer):
    """An order, whole. Amounts are in minor units of its currency."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    status_reason = serializers.CharField()
    cancelable = serializers.BooleanField()
    version = serializers.IntegerField()
    checkout_id = serializers.UUIDField()
    quote_id = serializers.UUIDField()
    payment_id = serializers.SerializerMethodField(help_text="Null where nothing had to be paid")
    customer_id = serializers.UUIDField(allow_null=True)
    merchant = serializers.CharField()
    channel = serializers.CharField()
    locale = serializers.CharField()
    currency = serializers.CharField()
    lines = OrderLineOut(many=True)
    subtotal = MoneyField()
    discount = MoneyField()
    shipping = MoneyField()
    shipping_tax = MoneyField()
    tax = MoneyField()
    total = MoneyField()
    payment_status = serializers.ChoiceField(choices=PAYMENT_STATUSES)
    refunded = MoneyField()
    prices_include_tax = serializers.BooleanField()
    shipping_method = serializers.CharField()
    coupon_codes = serializers.ListField(child=serializers.CharField())
    email = serializers.CharField()
    shipping_address = AddressOut(allow_null=True)
    billing_address = AddressOut(allow_null=True)
    placed_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    fulfilment_started_at = serializers.DateTimeField(allow_null=True)

    def get_payment_id(self, order: Any) -> UUID | None:
        return order.payment_id if order.total.amount else None


class OrderSummaryOut(Serializer):
    """An order in a list."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    currency = serializers.CharField()
    total = MoneyField()
    payment_status = serializers.ChoiceField(choices=PAYMENT_STATUSES)
    item_count = serializers.IntegerField()
    channel = serializers.CharField()
    placed_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class StatusChangeOut(Serializer):
    """One step of an order's life."""

    status = serializers.CharField()
    previous_status = serializers.CharField(allow_null=True)
    reason = serializers.CharField()
    actor = serializers.CharField(help_text="Who did it; the back office sees it, others do not")
    version = serializers.IntegerField()
    occurred_at = serializers.DateTimeField()


class OrderHistoryOut(Serializer):
    """Where an order stands and how it got there, oldest step first."""

    order_id = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    version = serializers.IntegerField()
    cancelable = serializers.BooleanField()
    history = StatusChangeOut(many=True)


class CancelIn(Serializer):
    """Why the order is called off."""

    reason = serializers.CharField(max_length=200, default="changed my mind")


class StatusIn(Serializer):
    """A step by hand: COMPLETED or CANCELED. The other states follow from the payment and the warehouse."""

    status = serializers.ChoiceField(choices=STATUSES)
    reason = serializers.CharField(max_length=200)


class OrdersQuery(Serializer):
    """How a list of orders is narrowed."""

    status = serializers.ChoiceField(choices=STATUSES, required=False)


class SellerOrderOut(Serializer):
    """A seller's part of an order: their own lines, and nothing about the buyer."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    currency = serializers.CharField()
    placed_at = serializers.DateTimeField()
    lines = OrderLineOut(many=True, source="own_lines")
    total = serializers.SerializerMethodField()

    def get_total(self, order: Any) -> dict[str, Any]:
        own = Money(sum(line.total_minor for line in order.own_lines), order.currency)
        return dict(MoneyField().to_representation(own))
