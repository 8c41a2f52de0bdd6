"""What the stock endpoints take and give."""

from rest_framework import serializers

from apps.inventory.rest.lot_serializers import MAX_UNITS, NamedUnits
from ecommerce.dimensions import LOCATION
from ecommerce.http import Serializer

REASONS = ("adjustment", "receipt", "count", "return", "damage", "scrap")


class AdjustIn(NamedUnits):
    """A change of on-hand by ``delta`` units."""

    delta = serializers.IntegerField(min_value=-MAX_UNITS, max_value=MAX_UNITS)
    reason = serializers.CharField(max_length=200)
    location_id = serializers.CharField(max_length=40, default=LOCATION)
    type = serializers.ChoiceField(choices=REASONS, default="adjustment")
    order_id = serializers.UUIDField(required=False)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class BulkItemIn(AdjustIn):
    """An item of a bulk adjustment: the SKU by its id or code."""

    sku_id = serializers.CharField(max_length=100)


class BulkIn(Serializer):
    """Up to a thousand adjustments, each of which succeeds or is refused by itself."""

    items = BulkItemIn(many=True, allow_empty=False)
    idempotency_key = serializers.CharField(required=False, max_length=255)

    def validate_items(self, items: list[dict[str, object]]) -> list[dict[str, object]]:
        """Bounded, because it is one transaction."""
        if len(items) > 1000:
            raise serializers.ValidationError("At most 1000 items.")
        return items


class TransferIn(Serializer):
    """Units from one location to another: there at once, or on their way (``inTransit``) until they arrive."""

    quantity = serializers.IntegerField(min_value=1, max_value=MAX_UNITS)
    from_location_id = serializers.CharField(max_length=40)
    to_location_id = serializers.CharField(max_length=40)
    in_transit = serializers.BooleanField(default=False)
    reason = serializers.CharField(max_length=200, default="", allow_blank=True)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class ChangeOut(Serializer):
    """A ledger entry and the level since."""

    movement_id = serializers.UUIDField()
    sku_id = serializers.UUIDField()
    location_id = serializers.CharField(source="location")
    type = serializers.CharField(source="kind")
    delta = serializers.IntegerField()
    on_hand = serializers.IntegerField()
    reserved = serializers.IntegerField()
    allocated = serializers.IntegerField()
    available = serializers.IntegerField()
    damaged = serializers.IntegerField()
    version = serializers.IntegerField()


class MovedOut(Serializer):
    """What left and what arrived."""

    left = ChangeOut()
    arrived = ChangeOut()


class BulkItemOut(Serializer):
    """What became of an item."""

    index = serializers.IntegerField()
    status = serializers.ChoiceField(choices=("applied", "replayed", "refused"))
    change = ChangeOut(allow_null=True)
    code = serializers.CharField()
    detail = serializers.CharField()


class BulkOut(Serializer):
    """Per item, in the order given."""

    results = BulkItemOut(many=True)


class LevelOut(Serializer):
    """A SKU at a location."""

    location_id = serializers.CharField(source="location")
    seller_id = serializers.CharField(source="seller")
    on_hand = serializers.IntegerField()
    reserved = serializers.IntegerField()
    allocated = serializers.IntegerField()
    available = serializers.IntegerField()
    damaged = serializers.IntegerField()
    incoming = serializers.IntegerField()
    version = serializers.IntegerField()
    last_updated = serializers.DateTimeField(source="updated_at")


class StockOut(Serializer):
    """A SKU: the sum over active locations, and each location's level."""

    sku_id = serializers.UUIDField(source="total.sku_id")
    on_hand = serializers.IntegerField(source="total.on_hand")
    reserved = serializers.IntegerField(source="total.reserved")
    allocated = serializers.IntegerField(source="total.allocated")
    available = serializers.IntegerField(source="total.available")
    damaged = serializers.IntegerField(source="total.damaged")
    incoming = serializers.IntegerField(source="total.incoming")
    locations = LevelOut(source="levels", many=True)


class BalanceOut(Serializer):
    """What lay at a location, after its movement ``version``."""

    location_id = serializers.CharField(source="location")
    on_hand = serializers.IntegerField()
    damaged = serializers.IntegerField()
    version = serializers.IntegerField()
    moved_at = serializers.DateTimeField()


class StockThenOut(Serializer):
    """A SKU as of ``at``: the sum over active locations, and each location's balance."""

    sku_id = serializers.UUIDField()
    at = serializers.DateTimeField()
    on_hand = serializers.IntegerField()
    damaged = serializers.IntegerField()
    locations = BalanceOut(source="balances", many=True)


class AvailabilityOut(Serializer):
    """What shoppers may know: how many can be sold, and how many be ordered, the rest of them for a later day."""

    sku_id = serializers.UUIDField()
    available = serializers.IntegerField()
    in_stock = serializers.BooleanField()
    orderable = serializers.IntegerField()
    promised_at = serializers.DateTimeField(allow_null=True)


class BulkAvailabilityOut(Serializer):
    """Availability of several SKUs."""

    results = AvailabilityOut(many=True)


class SummaryOut(Serializer):
    """What lies at a location."""

    location_id = serializers.UUIDField(source="id")
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    country = serializers.CharField()
    sku_count = serializers.IntegerField()
    on_hand = serializers.IntegerField()
    reserved = serializers.IntegerField()
    allocated = serializers.IntegerField()
    available = serializers.IntegerField()
    damaged = serializers.IntegerField()
    incoming = serializers.IntegerField()


class StockQuery(Serializer):
    """``?location=``"""

    location = serializers.CharField(required=False, max_length=40)


class StockAtQuery(StockQuery):
    """As of which time; now, if not said."""

    at = serializers.DateTimeField(required=False)


class SkusQuery(Serializer):
    """``?skuIds=a,b,c``: ids or codes, a hundred at most."""

    sku_ids = serializers.RegexField(r"^[^,]{1,100}(,[^,]{1,100}){0,99}$", max_length=10_000)
