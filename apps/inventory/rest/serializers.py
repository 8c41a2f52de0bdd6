"""What the stock endpoints take and give."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.inventory.types import StockPolicy
from ecommerce.dimensions import LOCATION
from ecommerce.http import Serializer

MAX_UNITS = 1_000_000_000
RESERVATION_STATES = ("RESERVED", "CONFIRMED", "CANCELLED", "RELEASED", "EXPIRED", "SHIPPED")
OVERSELLS = ("deny", "backorder", "preorder")
COUNTINGS = ("plain", "striped", "flash")
REASONS = ("adjustment", "receipt", "count", "return", "damage")


class AdjustIn(Serializer):
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
    """Units from one location to another."""

    quantity = serializers.IntegerField(min_value=1, max_value=MAX_UNITS)
    from_location_id = serializers.CharField(max_length=40)
    to_location_id = serializers.CharField(max_length=40)
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
    version = serializers.IntegerField()


class TransferOut(Serializer):
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
    version = serializers.IntegerField()
    last_updated = serializers.DateTimeField(source="updated_at")


class StockOut(Serializer):
    """A SKU: the sum over active locations, and each location's level."""

    sku_id = serializers.UUIDField(source="total.sku_id")
    on_hand = serializers.IntegerField(source="total.on_hand")
    reserved = serializers.IntegerField(source="total.reserved")
    allocated = serializers.IntegerField(source="total.allocated")
    available = serializers.IntegerField(source="total.available")
    locations = LevelOut(source="levels", many=True)


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


class MovementOut(Serializer):
    """A ledger entry. ``newBalance`` is the on-hand after it."""

    movement_id = serializers.UUIDField(source="id")
    sku_id = serializers.UUIDField()
    location_id = serializers.CharField(source="location_code")
    type = serializers.CharField(source="kind")
    delta = serializers.IntegerField()
    new_balance = serializers.IntegerField(source="on_hand_after")
    version = serializers.IntegerField()
    reason = serializers.CharField()
    causation_id = serializers.CharField(source="reference")
    actor = serializers.CharField()
    timestamp = serializers.DateTimeField(source="created_at")


class StockQuery(Serializer):
    """``?location=``"""

    location = serializers.CharField(required=False, max_length=40)


class MovementQuery(StockQuery):
    """Which entries: of a SKU (id or code), a location, a type, a time."""

    sku_id = serializers.CharField(required=False, max_length=100)
    type = serializers.CharField(required=False, max_length=20)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)

    def get_fields(self):  # type: ignore[no-untyped-def]  # DRF's signature; ``from`` is a word of Python
        """The seeds call the times ``from`` and ``to``."""
        fields = super().get_fields()
        for wire, name in (("from", "since"), ("to", "until")):
            fields[name].source = name
            fields[wire] = fields.pop(name)
        return fields


class SkusQuery(Serializer):
    """``?skuIds=a,b,c``: ids or codes, a hundred at most."""

    sku_ids = serializers.RegexField(r"^[^,]{1,100}(,[^,]{1,100}){0,99}$", max_length=10_000)


class ReservationItemIn(Serializer):
    """So many units of a SKU or a kit, by its id or code; from some locations first, or ``only`` from them."""

    sku_id = serializers.CharField(max_length=100)
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_UNITS)
    location_preference = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=20, default=list
    )
    only = serializers.BooleanField(default=False)


class ReservationIn(Serializer):
    """A hold for ``ttlSeconds`` (half an hour if not said): all items or none, or with ``allowPartial`` what there is.

    An order holds once; whoever ``reference`` names, as often as they like.
    """

    order_id = serializers.UUIDField(required=False)
    reference = serializers.CharField(max_length=100, default="", allow_blank=True)
    allow_partial = serializers.BooleanField(default=False)
    items = ReservationItemIn(many=True, allow_empty=False)
    ttl_seconds = serializers.IntegerField(required=False, min_value=1, max_value=7 * 24 * 3600)
    hold_type = serializers.ChoiceField(choices=("soft", "hard"), default="soft")
    idempotency_key = serializers.CharField(required=False, max_length=255)

    def validate_items(self, items: list[dict[str, object]]) -> list[dict[str, object]]:
        """Bounded, because it is one statement."""
        if len(items) > 500:
            raise serializers.ValidationError("At most 500 items.")
        return items


class ReasonIn(Serializer):
    """Why."""

    reason = serializers.CharField(max_length=200, default="", allow_blank=True)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class ExtendIn(Serializer):
    """For so many seconds from now, a week in all at most."""

    ttl_seconds = serializers.IntegerField(min_value=1, max_value=7 * 24 * 3600)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class ReservationQuery(Serializer):
    """Which holds: an order's, a caller's, those in a state."""

    order_id = serializers.UUIDField(required=False)
    reference = serializers.CharField(required=False, max_length=100)
    status = serializers.ChoiceField(required=False, choices=RESERVATION_STATES)


class HeldKitOut(Serializer):
    """Kits that are held; their components are among the items."""

    sku_id = serializers.UUIDField()
    quantity = serializers.IntegerField()
    shipped = serializers.IntegerField()


class BackorderedOut(Serializer):
    """Units promised that were not there; those that came since are among the items."""

    sku_id = serializers.UUIDField()
    quantity = serializers.IntegerField()
    filled = serializers.IntegerField()
    open = serializers.IntegerField()
    promised_at = serializers.DateTimeField(allow_null=True)


class ShortageOut(Serializer):
    """What could not be had."""

    sku_id = serializers.UUIDField()
    requested = serializers.IntegerField()
    available = serializers.IntegerField()


class ReservedLineOut(Serializer):
    """Units of a SKU held at a location."""

    sku_id = serializers.UUIDField()
    location_id = serializers.CharField(source="location")
    quantity = serializers.IntegerField()
    shipped = serializers.IntegerField()


class ReservationOut(Serializer):
    """A reservation and what it holds where."""

    reservation_id = serializers.UUIDField(source="id")
    order_id = serializers.UUIDField()
    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=RESERVATION_STATES)
    hold_type = serializers.ChoiceField(choices=("soft", "hard"))
    expires_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    items = ReservedLineOut(source="lines", many=True)
    kits = HeldKitOut(many=True)
    backordered = BackorderedOut(many=True)
    short = ShortageOut(many=True)


class ReservationRowOut(Serializer):
    """A reservation in a list, without what it holds."""

    reservation_id = serializers.UUIDField(source="id")
    order_id = serializers.UUIDField()
    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=RESERVATION_STATES)
    expires_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()


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
