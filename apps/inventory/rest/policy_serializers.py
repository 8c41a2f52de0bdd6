"""What the endpoints of policies take and give."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.inventory.rest.lot_serializers import MAX_UNITS
from apps.inventory.types import StockPolicy
from ecommerce.http import Serializer

OVERSELLS = ("deny", "backorder", "preorder")
COUNTINGS = ("plain", "striped", "flash")


class ComponentIn(Serializer):
    """So many units of a SKU, by its id or code, in each kit."""

    sku_id = serializers.CharField(max_length=100)
    quantity = serializers.IntegerField(min_value=1, max_value=10_000)


class KitIn(Serializer):
    """What a kit is made up of; of nothing, and it is none."""

    components = ComponentIn(many=True)
    idempotency_key = serializers.CharField(required=False, max_length=255)

    def validate_components(self, components: list[dict[str, object]]) -> list[dict[str, object]]:
        """Bounded, because every sale of the kit takes them all."""
        if len(components) > 50:
            raise serializers.ValidationError("At most 50 components.")
        return components


class CountingIn(Serializer):
    """How a SKU's units are counted out."""

    counting = serializers.ChoiceField(choices=COUNTINGS)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class PolicyIn(Serializer):
    """How a SKU is sold beyond its stock; what is left out is as if nobody had said it."""

    oversell = serializers.ChoiceField(choices=OVERSELLS, default="deny")
    oversell_limit = serializers.IntegerField(min_value=0, max_value=MAX_UNITS, default=0)
    promised_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    lead_days = serializers.IntegerField(
        min_value=0, max_value=3650, required=False, allow_null=True, default=None
    )
    valid_from = serializers.DateTimeField(required=False, allow_null=True, default=None)
    valid_until = serializers.DateTimeField(required=False, allow_null=True, default=None)
    safety_buffer = serializers.IntegerField(min_value=0, max_value=MAX_UNITS, default=0)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class ComponentOut(Serializer):
    """So many units of a SKU in each kit."""

    sku_id = serializers.UUIDField()
    quantity = serializers.IntegerField()


class PolicyOut(Serializer):
    """What holds for a SKU."""

    sku_id = serializers.UUIDField()
    oversell = serializers.ChoiceField(choices=OVERSELLS)
    oversell_limit = serializers.IntegerField()
    backordered = serializers.IntegerField()
    promised_at = serializers.DateTimeField(allow_null=True)
    lead_days = serializers.IntegerField(allow_null=True)
    valid_from = serializers.DateTimeField(allow_null=True)
    valid_until = serializers.DateTimeField(allow_null=True)
    safety_buffer = serializers.IntegerField()
    counting = serializers.ChoiceField(choices=COUNTINGS)
    counting_automatic = serializers.BooleanField()
    components = serializers.SerializerMethodField()
    version = serializers.IntegerField()

    @extend_schema_field(ComponentOut(many=True))
    def get_components(self, policy: StockPolicy) -> list[dict[str, object]]:
        """Of a kit; nothing of any other SKU."""
        parts = (policy.components or {}).items()
        return [{"skuId": str(sku_id), "quantity": units} for sku_id, units in parts]
