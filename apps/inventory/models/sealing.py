"""The ledger's seals, and what waits for one."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models


class PendingMovement(models.Model):
    """A movement that waits for a seal; a trigger puts it here in the transaction that writes it."""

    movement_id = models.UUIDField(primary_key=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.movement_id)


class MovementSeal(models.Model):
    """One link of the chain: a batch of movements in order, each with its hash, signed with a key of ours.

    ``form`` is how the movements were hashed (``domain/sealing.py``). They lie between ``since`` and ``until``, so that few parts of the ledger are read for them.
    """

    number = models.BigIntegerField(primary_key=True)
    form = models.PositiveSmallIntegerField(db_default=1)
    sealed_at = models.DateTimeField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    movement_ids = ArrayField(models.UUIDField())
    movement_hashes = ArrayField(models.BinaryField())
    previous: "models.BinaryField[Any, Any]" = models.BinaryField()
    digest: "models.BinaryField[Any, Any]" = models.BinaryField()
    key_id = models.CharField(max_length=32)
    signature: "models.BinaryField[Any, Any]" = models.BinaryField()

    def __str__(self) -> str:
        return f"Seal {self.number}"
