"""Recorded quotes: what was computed, from what, and the seal on both."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from ecommerce.ids import new_id


class Quote(models.Model):
    """Append-only: the database refuses to change or delete a row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    inputs = models.JSONField()
    result = models.JSONField()
    inputs_version = models.CharField(max_length=80)
    signature = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [BrinIndex(fields=["created_at"], name="pricing_quotes_by_time")]

    def __str__(self) -> str:
        return f"{self.id}: {self.total_minor} {self.currency}"
