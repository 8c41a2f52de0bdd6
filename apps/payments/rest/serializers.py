"""What the money endpoints take and give."""

from rest_framework import serializers

from ecommerce.dimensions import MERCHANT
from ecommerce.http import MoneyField, Serializer


class IdempotentIn(Serializer):
    """A command whose key may also travel in the body."""

    idempotency_key = serializers.CharField(required=False, max_length=255)


class AuthorizeIn(IdempotentIn):
    """Money to be held for an order. ``paymentMethodToken`` comes from the provider; no card number ever."""

    payment_id = serializers.UUIDField(required=False)
    order_id = serializers.UUIDField()
    amount = MoneyField(min_amount=1)
    payment_method_token = serializers.RegexField(r"^[A-Za-z0-9_\-]{1,100}$")
    merchant_id = serializers.CharField(default=MERCHANT, max_length=40)


class CaptureIn(IdempotentIn):
    """All that is authorized, or an amount of it under a ``captureId``."""

    payment_id = serializers.UUIDField()
    capture_id = serializers.UUIDField(required=False)
    amount = MoneyField(min_amount=1, required=False)


class PartIn(IdempotentIn):
    """As CaptureIn, of the authorization in the path."""

    capture_id = serializers.UUIDField(required=False)
    amount = MoneyField(min_amount=1, required=False)


class RefundIn(IdempotentIn):
    """All that is left of a payment, or an amount of it."""

    payment_id = serializers.UUIDField()
    refund_id = serializers.UUIDField(required=False)
    amount = MoneyField(min_amount=1, required=False)
    reason = serializers.CharField(default="", allow_blank=True, max_length=200)


class PaymentOut(Serializer):
    """A payment and how far it is."""

    payment_id = serializers.UUIDField(source="id")
    order_id = serializers.UUIDField()
    merchant_id = serializers.CharField(source="merchant")
    provider = serializers.CharField()
    status = serializers.ChoiceField(
        choices=(
            "PENDING",
            "DECLINED",
            "AUTHORIZED",
            "VOIDED",
            "PARTIALLY_CAPTURED",
            "CAPTURED",
            "PARTIALLY_REFUNDED",
            "REFUNDED",
        )
    )
    amount = MoneyField()
    authorized = MoneyField()
    captured = MoneyField()
    refunded = MoneyField()
    provider_transaction_id = serializers.CharField(source="gateway_reference")
    decline_code = serializers.CharField()
    voided = serializers.BooleanField(help_text="What was not captured is held no longer")
    created_at = serializers.DateTimeField()


class AttemptOut(Serializer):
    """What was asked of the provider. ``status`` pending until it has answered."""

    payment_id = serializers.UUIDField()
    amount = MoneyField()
    status = serializers.SerializerMethodField()
    decline_code = serializers.CharField()
    created_at = serializers.DateTimeField()

    def get_status(self, attempt: object) -> str:
        """The seeds' words: pending, succeeded, failed."""
        known = {"succeeded": "succeeded", "declined": "failed"}
        return known.get(getattr(attempt, "status", ""), "pending")


class CaptureOut(AttemptOut):
    """A capture."""

    capture_id = serializers.UUIDField(source="id")
    provider_capture_id = serializers.CharField(source="gateway_reference")


class RefundOut(AttemptOut):
    """A refund."""

    refund_id = serializers.UUIDField(source="id")
    provider_refund_id = serializers.CharField(source="gateway_reference")
    reason = serializers.CharField()


class RefundRowOut(RefundOut):
    """A refund in a list."""

    amount = MoneyField(source="money")


class WebhookOut(Serializer):
    """Taken; ``duplicate`` if it was before."""

    duplicate = serializers.BooleanField()


class SimulateIn(Serializer):
    """A fault for the sandbox's next requests."""

    scenario = serializers.ChoiceField(
        choices=(
            "decline",
            "timeout",
            "lost_answer",
            "slow",
            "trickle",
            "flood",
            "unavailable",
            "error",
        )
    )
    times = serializers.IntegerField(default=1, min_value=0, max_value=1000)


class SimulateOut(SimulateIn):
    """What was ordered."""
