"""Alerts: what is watched, what was found, and who was told."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from apps.inventory.models.stock import Location
from apps.inventory.types import Watch
from ecommerce.ids import new_id


class AlertRule(models.Model):
    """Something to be told of: of one SKU or all, at one location or over all active ones.

    It does not flap: the condition must hold for ``for_seconds`` before the alert is triggered, and be
    clear by ``clear_by`` beyond the threshold for as long before it is resolved.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    watch = models.CharField(
        max_length=20, choices=[(one.value, one.value.replace("_", " ")) for one in Watch]
    )
    threshold = models.PositiveIntegerField(
        help_text="Units; days for no movement, per cent for the stockout rate."
    )
    clear_by = models.PositiveIntegerField(default=0)
    for_seconds = models.PositiveIntegerField(default=0)
    sku_id = models.UUIDField(null=True, blank=True)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    emails = ArrayField(models.EmailField(), default=list, blank=True)
    webhook_url = models.URLField(max_length=500, blank=True, default="")
    webhook_secret = models.CharField(max_length=64, blank=True, default="", editable=False)
    active = models.BooleanField(default=True)
    created_by = models.CharField(max_length=100, blank=True, default="", editable=False)
    created_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        indexes = [models.Index(fields=["-created_at", "-id"], name="inventory_alert_rule_newest")]

    def __str__(self) -> str:
        return self.name


class AlertInstance(models.Model):
    """One case of a rule: PENDING until it has lasted long enough, then TRIGGERED, in the end RESOLVED."""

    class State(models.TextChoices):
        PENDING = "PENDING"
        TRIGGERED = "TRIGGERED"
        RESOLVED = "RESOLVED"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule = models.ForeignKey(
        AlertRule, on_delete=models.CASCADE, related_name="instances", db_index=False
    )
    sku_id = models.UUIDField(null=True)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    value = models.IntegerField()
    since = models.DateTimeField()
    triggered_at = models.DateTimeField(null=True)
    clear_since = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "alert"
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "sku_id", "location"],
                condition=~Q(state="RESOLVED"),
                nulls_distinct=False,
                name="inventory_alert_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state="PENDING", triggered_at=None, resolved_at=None)
                | Q(state="TRIGGERED", triggered_at__isnull=False, resolved_at=None)
                | Q(state="RESOLVED", triggered_at__isnull=False, resolved_at__isnull=False),
                name="inventory_alert_state_has_its_times",
            ),
        ]
        indexes = [
            models.Index(fields=["rule", "-since", "-id"], name="inventory_alert_of_rule"),
            models.Index(fields=["-since", "-id"], name="inventory_alert_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.state}: {self.value}"


class AlertMessage(models.Model):
    """That somebody is to be told, until they were: written with the change that it tells of."""

    class Channel(models.TextChoices):
        MAIL = "mail"
        WEBHOOK = "webhook"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        GIVEN_UP = "given_up"

    id = models.BigAutoField(primary_key=True)
    instance = models.ForeignKey(AlertInstance, on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(AlertRule, on_delete=models.CASCADE, related_name="+")
    news = models.CharField(max_length=10)
    value = models.IntegerField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    target = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_error = models.CharField(max_length=300, blank=True, default="")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state="waiting"),
                name="inventory_alert_message_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.news} by {self.channel}"
