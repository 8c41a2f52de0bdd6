"""The audit trail: entries, the queue of those not yet sealed, and the seals."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F
from django.db.models.functions import Now

from ecommerce.ids import new_id


class Entry(models.Model):
    """Who did what to which thing. Never changed: triggers refuse it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    occurred_at = models.DateTimeField(db_default=Now(), editable=False)
    action = models.CharField(max_length=100)
    entity_type = models.CharField(max_length=50)
    entity_id = models.CharField(max_length=100)
    actor_id = models.UUIDField(null=True)
    actor_roles = ArrayField(models.CharField(max_length=16), default=list)
    changes = models.JSONField(default=dict)
    correlation_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name_plural = "entries"
        indexes = [
            models.Index(F("occurred_at").desc(), F("id").desc(), name="audit_entry_newest"),
            models.Index(
                "entity_id", F("occurred_at").desc(), F("id").desc(), name="audit_entry_entity"
            ),
            models.Index(
                "actor_id", F("occurred_at").desc(), F("id").desc(), name="audit_entry_actor"
            ),
            models.Index(
                "action", F("occurred_at").desc(), F("id").desc(), name="audit_entry_action"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.entity_type}/{self.entity_id}"


class Pending(models.Model):
    """Entries that wait for a seal; a trigger puts them here in the transaction that writes them."""

    entry_id = models.UUIDField(primary_key=True)

    def __str__(self) -> str:
        return str(self.entry_id)


class Seal(models.Model):
    """One link of the chain: a batch of entries in order, each with its hash, signed with a key of ours."""

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    entry_ids = ArrayField(models.UUIDField())
    entry_hashes = ArrayField(models.BinaryField())
    previous: "models.BinaryField[Any, Any]" = models.BinaryField()
    digest: "models.BinaryField[Any, Any]" = models.BinaryField()
    key_id = models.CharField(max_length=32)
    signature: "models.BinaryField[Any, Any]" = models.BinaryField()

    def __str__(self) -> str:
        return f"Seal {self.number}"
