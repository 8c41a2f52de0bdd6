"""What the endpoints of counts take and give."""

from typing import Any

from rest_framework import serializers

from apps.inventory.rest.lot_serializers import MAX_NAMED, MAX_UNITS, LotUnitsIn
from apps.inventory.types import Count
from ecommerce.http import Serializer

STATUSES = ("OPEN", "REVIEW", "APPLIED", "CANCELLED")
DECISIONS = ("accepted", "recount", "rejected")
MOST = 1_000
MOST_NAMED = 10_000
_TELLING = ("withVariance", "undecided", "unitsMissing", "unitsFound")


class FoundLotIn(LotUnitsIn):
    """Units of a lot that lie there, by its code; of SKUs that have both, with their numbers."""

    serials = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, max_length=MAX_NAMED
    )

    def validate(self, lot: dict[str, Any]) -> dict[str, Any]:
        """As many numbers as units."""
        if lot.get("serials") and len(lot["serials"]) != lot["quantity"]:
            raise serializers.ValidationError({"serials": "As many as the units of the lot."})
        return lot


class ShelfCountIn(Serializer):
    """So many units of a SKU (id or code) lie there.

    Of a SKU with lots or serial numbers all that lie there are named, and ``counted`` may be left out: what
    is not named is missing.
    """

    sku_id = serializers.CharField(max_length=100)
    counted = serializers.IntegerField(min_value=0, max_value=MAX_UNITS, required=False)
    lots = FoundLotIn(many=True, required=False, max_length=MAX_NAMED)  # type: ignore[call-arg]  # it is the list's
    serials = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, max_length=MAX_NAMED
    )

    def validate(self, count: dict[str, Any]) -> dict[str, Any]:
        """There is a number in it."""
        if "counted" not in count and not count.get("lots") and not count.get("serials"):
            raise serializers.ValidationError({"counted": "Say how many units lie there."})
        return count


class StartCountIn(Serializer):
    """What to count: ``full`` everything at the location, ``cyclic`` what is due by its ABC class,
    ``chosen`` the SKUs named (those in ``counts`` among them).

    A variance of ``holdUnits`` or more, or of ``holdPercent`` or more of what was expected, keeps the
    SKU from sale until it is decided on; without either each variance waits for a decision. Who counts
    blind is not told what is expected.
    """

    location_id = serializers.CharField(max_length=40)
    scope = serializers.ChoiceField(choices=("full", "cyclic", "chosen"), default="chosen")
    sku_ids = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, default=list, max_length=MOST
    )
    counts = ShelfCountIn(many=True, required=False, default=list)
    abc_class = serializers.ChoiceField(choices=("A", "B", "C"), required=False)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=100_000)
    blind = serializers.BooleanField(default=True)
    hold_units = serializers.IntegerField(required=False, min_value=1, max_value=MAX_UNITS)
    hold_percent = serializers.IntegerField(required=False, min_value=1, max_value=1_000)
    note = serializers.CharField(max_length=200, default="", allow_blank=True)
    idempotency_key = serializers.CharField(required=False, max_length=255)

    def validate_counts(self, counts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Bounded, because it is one statement."""
        return _few(counts)

    def validate(self, body: dict[str, object]) -> dict[str, object]:
        """A chosen count names what it is about."""
        if body["scope"] == "chosen" and not (body["sku_ids"] or body["counts"]):
            raise serializers.ValidationError({"skuIds": "Name the SKUs to count."})
        return body


class CountsIn(Serializer):
    """What was found, up to a thousand SKUs at a time."""

    counts = ShelfCountIn(many=True, allow_empty=False)
    idempotency_key = serializers.CharField(required=False, max_length=255)

    def validate_counts(self, counts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Bounded, because it is one statement."""
        return _few(counts)


class ReviewIn(Serializer):
    """``missingIsNone``: of what nobody counted, nothing is there. Else it stays as the ledger says."""

    missing_is_none = serializers.BooleanField(default=False)
    idempotency_key = serializers.CharField(required=False, max_length=255)


class DecisionIn(Serializer):
    """Book it, count it again, or leave the ledger as it is."""

    sku_id = serializers.CharField(max_length=100)
    decision = serializers.ChoiceField(choices=DECISIONS)


class DecisionsIn(Serializer):
    """Up to a thousand decisions."""

    decisions = DecisionIn(many=True, allow_empty=False)
    idempotency_key = serializers.CharField(required=False, max_length=255)

    def validate_decisions(self, decisions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Bounded, because it is one transaction."""
        return _few(decisions)


class NothingIn(Serializer):
    """No more than a key."""

    idempotency_key = serializers.CharField(required=False, max_length=255)


class CountOut(Serializer):
    """A count in numbers. In a blind count that is open, those that would tell what is expected are null."""

    reconciliation_id = serializers.UUIDField(source="id")
    location_id = serializers.CharField(source="location")
    scope = serializers.CharField()
    abc_class = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    blind = serializers.BooleanField()
    hold_units = serializers.IntegerField(allow_null=True)
    hold_percent = serializers.IntegerField(allow_null=True)
    note = serializers.CharField()
    opened_by = serializers.CharField()
    opened_at = serializers.DateTimeField()
    reviewed_at = serializers.DateTimeField(allow_null=True)
    closed_by = serializers.CharField()
    closed_at = serializers.DateTimeField(allow_null=True)
    lines = serializers.IntegerField()
    counted = serializers.IntegerField()
    with_variance = serializers.IntegerField(allow_null=True)
    undecided = serializers.IntegerField(allow_null=True)
    held = serializers.IntegerField()
    applied = serializers.IntegerField()
    refused = serializers.IntegerField()
    units_missing = serializers.IntegerField(allow_null=True)
    units_found = serializers.IntegerField(allow_null=True)

    def to_representation(self, instance: Count) -> dict[str, Any]:
        told: dict[str, Any] = super().to_representation(instance)
        return told | dict.fromkeys(_TELLING) if instance.is_secret else told


class AppliedOut(Serializer):
    """What applying did; the count is over when nothing was refused."""

    booked = serializers.IntegerField()
    refused = serializers.IntegerField()
    reconciliation = CountOut(source="count")


class CountBriefOut(Serializer):
    """A count in a list."""

    reconciliation_id = serializers.UUIDField(source="id")
    location_id = serializers.CharField(source="location_code")
    scope = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    note = serializers.CharField()
    opened_by = serializers.CharField()
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class CountLineOut(Serializer):
    """A line of a count. In a blind count that is open, what is expected is not told.

    ``swapped`` units are of another lot or number than the ledger says: which, is at ``/units``.
    """

    sku_id = serializers.UUIDField()
    tracks_lots = serializers.BooleanField()
    tracks_serials = serializers.BooleanField()
    counted = serializers.IntegerField(allow_null=True)
    expected = serializers.IntegerField(allow_null=True)
    variance = serializers.IntegerField(allow_null=True)
    swapped = serializers.IntegerField()
    counted_by = serializers.CharField()
    counted_at = serializers.DateTimeField(allow_null=True)
    decision = serializers.CharField()
    decided_by = serializers.CharField()
    held = serializers.BooleanField()
    movement_id = serializers.UUIDField(allow_null=True)
    refusal = serializers.CharField()


class BlindLineOut(Serializer):
    """A line as who counts blind sees it."""

    sku_id = serializers.UUIDField()
    tracks_lots = serializers.BooleanField()
    tracks_serials = serializers.BooleanField()
    counted = serializers.IntegerField(allow_null=True)
    counted_by = serializers.CharField()
    counted_at = serializers.DateTimeField(allow_null=True)
    decision = serializers.CharField()


class BlindUnitsOut(Serializer):
    """Units that were found: of a lot, or one by its number."""

    sku_id = serializers.UUIDField()
    lot_id = serializers.CharField(source="lot")
    serial = serializers.CharField()
    expires_on = serializers.DateField(allow_null=True)
    counted = serializers.IntegerField()


class CountUnitsOut(BlindUnitsOut):
    """Likewise beside what the ledger said, and the movement that booked the difference."""

    expected = serializers.IntegerField()
    variance = serializers.IntegerField()
    movement_id = serializers.UUIDField(allow_null=True)


class CountsQuery(Serializer):
    """``?status=&location=``"""

    status = serializers.ChoiceField(choices=STATUSES, required=False)
    location = serializers.CharField(required=False, max_length=40)


class LinesQuery(Serializer):
    """``?varying=true``: only lines with a variance."""

    varying = serializers.BooleanField(default=False)


def _few(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(items) > MOST:
        raise serializers.ValidationError(f"At most {MOST}.")
    named = sum(len(item.get("lots", ())) + len(item.get("serials", ())) for item in items)
    if named > MOST_NAMED:
        raise serializers.ValidationError(f"At most {MOST_NAMED} lots and numbers.")
    return items
