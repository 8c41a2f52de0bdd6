"""What devices said: what could not be applied, and what was applied and not yet acknowledged for sure."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from ecommerce.ids import new_id


class DeviceLetter(models.Model):
    """A device's message that could not be applied. ``key`` is the message's own, where it has one."""

    class Status(models.TextChoices):
        OPEN = "open"
        APPLIED = "applied"
        DISCARDED = "discarded"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    topic = models.TextField()
    payload = models.BinaryField()
    key = models.CharField(max_length=250, null=True, unique=True)  # noqa: DJ001 NULL is "no key"
    code = models.CharField(max_length=100)
    detail = models.CharField(max_length=500)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    attempts = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField(db_default=TransactionNow())
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "device message"
        constraints = [
            models.CheckConstraint(
                condition=Q(status="open", closed_at=None)
                | (~Q(status="open") & Q(closed_at__isnull=False)),
                name="inventory_letter_closed_with_its_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at", "id"],
                condition=Q(status="open"),
                name="inventory_letter_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.detail}"


class DeviceReceipt(models.Model):
    """The last messages without a key that were applied: what the broker repeats of them is known by its number."""

    id = models.BigAutoField(primary_key=True)
    client = models.CharField(max_length=100)
    number = models.IntegerField()
    digest = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "number"], name="inventory_receipt_once_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client} {self.number}"
