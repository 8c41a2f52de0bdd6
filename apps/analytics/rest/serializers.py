"""What the reports take and give."""

from datetime import timedelta
from typing import Any

from rest_framework import serializers

from ecommerce.http import MoneyField, Serializer

MOST_DAYS = 366


class DailyRevenueIn(Serializer):
    start = serializers.DateField(
        required=False, help_text="First day (UTC); 30 days ago if absent."
    )
    end = serializers.DateField(required=False, help_text="Last day (UTC); today if absent.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        start, end = attrs.get("start"), attrs.get("end")
        if start and end and not timedelta() <= end - start <= timedelta(days=MOST_DAYS):
            raise serializers.ValidationError(
                {"end": f"From 0 to {MOST_DAYS} days after start."}, code="range"
            )
        return attrs


class TakingsOut(Serializer):
    day = serializers.DateField()
    channel = serializers.CharField()
    currency = serializers.CharField()
    orders = serializers.IntegerField()
    units = serializers.IntegerField()
    gross = MoneyField(help_text="Orders paid")
    tax = MoneyField(help_text="Of gross")
    canceled_orders = serializers.IntegerField()
    canceled = MoneyField(help_text="Given back by canceling what was paid")
    refunded = MoneyField(help_text="Given back by refunds of what was not canceled")
    net = MoneyField(help_text="Gross less canceled and refunded; below zero where more went back")


class DailyRevenueOut(Serializer):
    days = TakingsOut(many=True)


class OrderStateOut(Serializer):
    order_id = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.CharField()
    channel = serializers.CharField()
    currency = serializers.CharField()
    total = MoneyField()
    units = serializers.IntegerField()
    placed_at = serializers.DateTimeField()


class CustomerOrdersOut(Serializer):
    orders = OrderStateOut(many=True)
