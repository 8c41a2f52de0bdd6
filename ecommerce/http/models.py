"""The answers that are kept, so that a repeated command is answered again instead of done again."""

from django.db import models
from django.db.models import Q


class IdempotencyKey(models.Model):
    """A command that carried Idempotency-Key, and what it was answered.

    The id is the SHA-256 of caller, operation and key. Without a status it is running, and ``owner``
    holds it until ``lease_until``.
    """

    id = models.BinaryField(primary_key=True, max_length=32)
    caller = models.CharField(max_length=200)
    operation = models.CharField(max_length=300)
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    owner = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "http_idempotency_key"
        indexes = [models.Index(fields=["expires_at"], name="http_idempotency_expiry")]
        constraints = [
            models.CheckConstraint(
                name="http_idempotency_running_or_answered",
                condition=Q(status__isnull=True, owner__isnull=False, lease_until__isnull=False)
                | Q(status__isnull=False, owner__isnull=True, lease_until__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"
