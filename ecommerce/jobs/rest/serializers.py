"""Jobs on the wire."""

from rest_framework import serializers

from ecommerce.http import Serializer
from ecommerce.jobs.types import STATES


class JobOut(Serializer):
    """A job as it stands."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    state = serializers.ChoiceField(choices=[(state, state) for state in STATES])
    total = serializers.IntegerField(allow_null=True, help_text="Rows in all, where known")
    done = serializers.IntegerField(help_text="Rows done, the refused ones included")
    refused = serializers.IntegerField(help_text="Rows refused; see errors")
    percent = serializers.FloatField(
        allow_null=True, help_text="0 to 100, where the total is known"
    )
    rows_per_second = serializers.FloatField(allow_null=True)
    cancel_requested = serializers.BooleanField()
    has_result = serializers.BooleanField(help_text="Is there a file to fetch at result?")
    error_code = serializers.CharField(allow_blank=True, help_text="Why it failed")
    error_detail = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class RowErrorOut(Serializer):
    """A refused row."""

    row = serializers.IntegerField()
    pointer = serializers.CharField(allow_blank=True, help_text="Column or JSON Pointer")
    code = serializers.CharField()
    detail = serializers.CharField()


class RowErrorPage(Serializer):
    results = RowErrorOut(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
