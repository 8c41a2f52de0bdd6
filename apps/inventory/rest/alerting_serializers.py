"""What the endpoints of alerts take and give."""

from rest_framework import serializers

from apps.inventory.rest.lot_serializers import MAX_UNITS
from apps.inventory.types import Watch
from ecommerce.http import Serializer

WATCHES = tuple(one.value for one in Watch)
_DAY = 24 * 60 * 60


class _Receivers(Serializer):
    name = serializers.CharField(max_length=100)
    threshold = serializers.IntegerField(min_value=0, max_value=MAX_UNITS)
    clear_by = serializers.IntegerField(min_value=0, max_value=MAX_UNITS, default=0)
    for_seconds = serializers.IntegerField(min_value=0, max_value=_DAY, default=0)
    emails = serializers.ListField(child=serializers.EmailField(), default=list, max_length=20)
    webhook_url = serializers.URLField(max_length=500, default="", allow_blank=True)


class AlertRuleIn(_Receivers):
    """Be told: ``low`` units that can be sold at or below the threshold, ``over`` units on hand at or
    above it, ``no_movement`` for so many days, ``expiring``
    within so many days, ``stockout_rate`` of so many per cent.

    Of one SKU (id or code) or all, at one location or over all. The condition must last
    ``forSeconds`` before the alert is triggered, and be clear by ``clearBy`` for as long before it is
    resolved.
    """

    watch = serializers.ChoiceField(choices=WATCHES)
    sku_id = serializers.CharField(max_length=100, required=False)
    location_id = serializers.CharField(max_length=40, required=False)
    idempotency_key = serializers.CharField(required=False, max_length=255)

    def validate(self, body: dict[str, object]) -> dict[str, object]:
        """A share is of many SKUs."""
        if body["watch"] == Watch.STOCKOUT_RATE and body.get("sku_id"):
            raise serializers.ValidationError({"skuId": "A rate is of all SKUs."})
        return body


class AlertRuleChange(Serializer):
    """What may change; what is watched may not: that would be another rule."""

    name = serializers.CharField(max_length=100, required=False)
    threshold = serializers.IntegerField(min_value=0, max_value=MAX_UNITS, required=False)
    clear_by = serializers.IntegerField(min_value=0, max_value=MAX_UNITS, required=False)
    for_seconds = serializers.IntegerField(min_value=0, max_value=_DAY, required=False)
    emails = serializers.ListField(child=serializers.EmailField(), required=False, max_length=20)
    webhook_url = serializers.URLField(max_length=500, required=False, allow_blank=True)
    active = serializers.BooleanField(required=False)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class AlertRuleOut(Serializer):
    """A rule."""

    rule_id = serializers.UUIDField(source="id")
    name = serializers.CharField()
    watch = serializers.ChoiceField(choices=WATCHES)
    threshold = serializers.IntegerField()
    clear_by = serializers.IntegerField()
    for_seconds = serializers.IntegerField()
    sku_id = serializers.UUIDField(allow_null=True)
    location_id = serializers.CharField(source="location_code", allow_null=True)
    emails = serializers.ListField(child=serializers.EmailField())
    webhook_url = serializers.CharField()
    active = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class NewAlertRuleOut(AlertRuleOut):
    """A rule with the secret that its webhooks are signed with, told this once."""

    webhook_secret = serializers.CharField()


class AlertOut(Serializer):
    """A case: ``value`` is what was found last."""

    alert_id = serializers.UUIDField(source="id")
    rule_id = serializers.UUIDField()
    rule = serializers.CharField(source="rule_name")
    state = serializers.ChoiceField(choices=("PENDING", "TRIGGERED", "RESOLVED"))
    sku_id = serializers.UUIDField(allow_null=True)
    location_id = serializers.CharField(source="location_code", allow_null=True)
    value = serializers.IntegerField()
    since = serializers.DateTimeField()
    triggered_at = serializers.DateTimeField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)


class AlertsQuery(Serializer):
    """``?state=&skuId=``: without a state, those that were triggered, resolved or not."""

    state = serializers.ChoiceField(choices=("PENDING", "TRIGGERED", "RESOLVED"), required=False)
    sku_id = serializers.CharField(max_length=100, required=False)
