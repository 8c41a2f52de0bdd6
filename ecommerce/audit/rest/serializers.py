"""What the audit trail reads and writes as JSON."""

from typing import Any

from rest_framework import serializers

from ecommerce.http import Serializer


class _Window(Serializer):
    """``from`` and ``to``, which Python keeps for itself."""

    since = serializers.DateTimeField(
        source="since", required=False, help_text="from this moment on"
    )
    until = serializers.DateTimeField(
        source="until", required=False, help_text="before this moment"
    )

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        fields["from"] = fields.pop("since")
        fields["to"] = fields.pop("until")
        return fields


class AuditFilter(_Window):
    entity_type = serializers.CharField(max_length=50, required=False)
    entity_id = serializers.CharField(max_length=100, required=False)
    action = serializers.CharField(max_length=100, required=False)
    actor_id = serializers.UUIDField(required=False)


class AuditQueryIn(_Window):
    entity_types = serializers.ListField(
        child=serializers.CharField(max_length=50), max_length=50, default=list
    )
    entity_ids = serializers.ListField(
        child=serializers.CharField(max_length=100), max_length=200, default=list
    )
    actions = serializers.ListField(
        child=serializers.CharField(max_length=100), max_length=50, default=list
    )
    actor_ids = serializers.ListField(child=serializers.UUIDField(), max_length=200, default=list)
    correlation_id = serializers.CharField(max_length=64, allow_blank=True, default="")


class AuditEntryOut(Serializer):
    id = serializers.UUIDField()
    occurred_at = serializers.DateTimeField()
    action = serializers.CharField()
    entity_type = serializers.CharField()
    entity_id = serializers.CharField()
    actor_id = serializers.UUIDField(allow_null=True)
    actor_roles = serializers.ListField(child=serializers.CharField())
    changes = serializers.DictField()
    correlation_id = serializers.CharField(allow_blank=True)


class AuditEntriesOut(Serializer):
    results = AuditEntryOut(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
