"""What the endpoints of warehouses take and give."""

from rest_framework import serializers

from apps.inventory.rest.lot_serializers import MAX_UNITS, NamedUnits
from ecommerce.http import Serializer

MAX_LINES = 500
STATUSES = (
    "REQUESTED", "SENT", "ACCEPTED", "PICKED", "SHORT", "DONE", "FAILED", "CANCELLED",
)  # fmt: skip


class _Items(Serializer):
    def validate_items(self, items: list[dict[str, object]]) -> list[dict[str, object]]:
        """Bounded, because it is one transaction."""
        if len(items) > MAX_LINES:
            raise serializers.ValidationError(f"At most {MAX_LINES} items.")
        return items


class TaskUnitsIn(Serializer):
    """Units of a SKU, by its id or code."""

    sku_id = serializers.CharField(max_length=100)
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_UNITS)


class PickIn(_Items):
    """Units of an order to pick; without ``items`` all that is allocated to it there."""

    order_id = serializers.UUIDField()
    items = TaskUnitsIn(many=True, required=False)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class PickedIn(Serializer):
    """What was found of a SKU."""

    sku_id = serializers.CharField(max_length=100)
    picked = serializers.IntegerField(min_value=0, max_value=MAX_UNITS)


class ConfirmPickIn(_Items):
    """What was found; of SKUs that are not named, all."""

    task_id = serializers.UUIDField()
    items = PickedIn(many=True, required=False)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class ReceivedIn(NamedUnits):
    """What arrived of a SKU, in good order or damaged; the good ones' lots and serial numbers, where it has any."""

    sku_id = serializers.CharField(max_length=100)
    expected = serializers.IntegerField(min_value=1, max_value=MAX_UNITS, required=False)
    received = serializers.IntegerField(min_value=0, max_value=MAX_UNITS)
    damaged = serializers.IntegerField(min_value=0, max_value=MAX_UNITS, default=0)


class ReceiveIn(_Items):
    """Goods that arrived; ``taskId`` names a receipt that was announced, ``reference`` may name a delivery."""

    task_id = serializers.UUIDField(required=False)
    reference = serializers.CharField(max_length=100, default="", allow_blank=True)
    items = ReceivedIn(many=True, allow_empty=False)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class AnnounceIn(_Items):
    """Goods that are going to arrive; ``incoming``: count them as such, where nobody else has.

    A ``reference`` that is a delivery's number says that they are that delivery's.
    """

    reference = serializers.CharField(max_length=100, default="", allow_blank=True)
    items = TaskUnitsIn(many=True, allow_empty=False)
    incoming = serializers.BooleanField(default=True)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class CancelTaskIn(Serializer):
    """Why."""

    reason = serializers.CharField(max_length=200, default="", allow_blank=True)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class TaskLineOut(Serializer):
    """Units of a SKU: wanted, done in good order, damaged."""

    sku_id = serializers.UUIDField()
    quantity = serializers.IntegerField()
    done = serializers.IntegerField()
    damaged = serializers.IntegerField()


class TaskOut(Serializer):
    """A pick or a receipt. ``pending`` is the call to the warehouse of which it is not certain yet."""

    task_id = serializers.UUIDField(source="id")
    location_id = serializers.CharField(source="location")
    type = serializers.ChoiceField(choices=("pick", "receipt"), source="kind")
    status = serializers.ChoiceField(choices=STATUSES)
    order_id = serializers.UUIDField(allow_null=True)
    inbound_id = serializers.UUIDField(allow_null=True)
    reference = serializers.CharField()
    pending = serializers.CharField()
    last_error = serializers.CharField()
    created_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    items = TaskLineOut(many=True, source="lines")


class TaskRowOut(TaskOut):
    """As TaskOut, of a list."""

    location_id = serializers.CharField(source="location_code")
    items = TaskLineOut(many=True, source="lines.all")


class TasksQuery(Serializer):
    """``?status=&orderId=``."""

    status = serializers.ChoiceField(choices=STATUSES, required=False)
    order_id = serializers.UUIDField(required=False)


class WarehouseStockQuery(Serializer):
    """``?after=`` goes on behind that SKU."""

    after = serializers.UUIDField(required=False)
    page_size = serializers.IntegerField(min_value=1, max_value=500, default=100)


class WarehouseStockOut(Serializer):
    """On the shelves: what the warehouse says and what we think, picked units (``staged``) not among them.

    ``moving``: a task of it is under way, so that the numbers may differ.
    """

    sku_id = serializers.UUIDField()
    warehouse = serializers.IntegerField(source="theirs")
    shop = serializers.IntegerField(source="ours")
    staged = serializers.IntegerField()
    difference = serializers.IntegerField()
    moving = serializers.BooleanField()


class WarehouseStockPage(Serializer):
    """A page by SKU id; ``next`` is the query of the next one."""

    results = WarehouseStockOut(many=True)
    next = serializers.CharField(allow_null=True)


class ComparisonOut(Serializer):
    """One asking of a warehouse what lies there."""

    comparison_id = serializers.UUIDField(source="id")
    location_id = serializers.CharField(source="location_code")
    compared_at = serializers.DateTimeField()
    skus = serializers.IntegerField()
    moving = serializers.IntegerField()
    differing = serializers.IntegerField()
    error = serializers.CharField()
    count_id = serializers.UUIDField(allow_null=True)


class CallbackOut(Serializer):
    """Was it known already?"""

    duplicate = serializers.BooleanField()
