"""What comes from outside and what is yet to be sent there."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from ecommerce.ids import new_id


class WebhookEvent(models.Model):
    """The inbox: what a provider told us, once per event however often it is sent."""

    class State(models.TextChoices):
        RECEIVED = "received"
        APPLIED = "applied"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.CharField(max_length=40)
    provider_event_id = models.CharField(max_length=100)
    event_type = models.CharField(max_length=100)
    payload = models.JSONField()
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.RECEIVED, db_default="received"
    )
    tries = models.PositiveIntegerField(default=0, db_default=0)
    last_error = models.TextField(blank=True, default="", db_default="")
    received_at = models.DateTimeField(db_default=TransactionNow())
    next_try_at = models.DateTimeField(db_default=TransactionNow())
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_event_id"], name="payments_webhook_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="payments_webhook_due", condition=Q(state="received")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.provider_event_id}"


class Reversal(models.Model):
    """Money that must go back, because its order was cancelled or never came to be. A worker sees it through.

    What is stuck is tried on; it has failed so often that a person should look.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        STUCK = "stuck"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payment_id = models.UUIDField(unique=True)
    cause = models.CharField(max_length=200)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.PENDING, db_default="pending"
    )
    tries = models.PositiveIntegerField(default=0, db_default=0)
    last_error = models.TextField(blank=True, default="", db_default="")
    next_try_at = models.DateTimeField(db_default=TransactionNow())
    created_at = models.DateTimeField(db_default=TransactionNow())
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], name="payments_reversal_due", condition=~Q(state="done")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id}: {self.state}"


class KnownOrder(models.Model):
    """What orders have told of themselves: a payment without one is an orphan."""

    order_id = models.UUIDField(primary_key=True)
    canceled = models.BooleanField(default=False)
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.order_id)
