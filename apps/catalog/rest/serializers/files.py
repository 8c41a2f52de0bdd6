"""Imports and exports on the wire."""

from rest_framework import serializers

from apps.catalog.types import DRAFT, PUBLISHED, UNPUBLISHED
from ecommerce.http import Serializer


class ImportIn(Serializer):
    """A file of products. docs/reference/product-files.md describes the formats."""

    file = serializers.FileField(allow_empty_file=True)
    format = serializers.ChoiceField(choices=["shopify-csv", "csv", "jsonl"])
    currency = serializers.RegexField(
        r"^[A-Z]{3}$", default="EUR", help_text="ISO 4217, of the prices in the file"
    )
    dry_run = serializers.BooleanField(default=False, help_text="Check and report, write nothing")
    mapping = serializers.JSONField(
        default=dict, help_text="Our field names and the file's, as JSON; for csv and jsonl"
    )
    delimiter = serializers.ChoiceField(
        choices=[",", ";", "\t", "|"], default="", allow_blank=True, help_text="Empty: found out"
    )
    quote = serializers.ChoiceField(
        choices=['"', "'", ""], default='"', allow_blank=True, help_text="Empty: no quoting"
    )


class ExportIn(Serializer):
    """Which products, and how."""

    format = serializers.ChoiceField(choices=["shopify-csv", "jsonl"], default="shopify-csv")
    status = serializers.ChoiceField(
        choices=[DRAFT, PUBLISHED, UNPUBLISHED],
        default="",
        allow_blank=True,
        help_text="Empty: all that are not deleted",
    )
