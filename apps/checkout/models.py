"""Tables of the checkout: the frozen purchase, and the saga that carries it through."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from apps.checkout.domain.saga import OPEN, SagaState, Step
from ecommerce.ids import new_id
from ecommerce.money import Money

STATUSES = ("OPEN", "PROCESSING", "COMPLETED", "FAILED", "EXPIRED")


class Checkout(models.Model):
    """A cart, priced for good. ``order_id`` and ``payment_id`` are chosen before anything is asked of anyone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    status = models.CharField(max_length=12, default="OPEN")
    version = models.PositiveIntegerField(default=1)
    attempt = models.PositiveIntegerField(default=1)
    cart_id = models.UUIDField()
    cart_version = models.PositiveIntegerField()
    customer_id = models.UUIDField(null=True, blank=True)
    guest_token_hash = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001
    merchant = models.CharField(max_length=32)
    channel = models.CharField(max_length=32)
    locale = models.CharField(max_length=35)
    currency = models.CharField(max_length=3)
    email = models.EmailField()
    shipping_address = models.JSONField()
    billing_address = models.JSONField()
    shipping_method = models.CharField(max_length=64)
    shipping_name = models.CharField(max_length=120)
    payment_method = models.CharField(max_length=200)
    quote_id = models.UUIDField()
    lines = models.JSONField()
    reasons = models.JSONField(default=list)
    coupon_codes = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    prices_include_tax = models.BooleanField()
    subtotal_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField()
    shipping_tax_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    order_id = models.UUIDField(unique=True, default=new_id)
    payment_id = models.UUIDField(unique=True, default=new_id)
    order_number = models.CharField(max_length=32, default="", blank=True)
    failure_code = models.CharField(max_length=80, default="", blank=True)
    decline_code = models.CharField(max_length=80, default="", blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="checkout_status_known"),
            models.CheckConstraint(
                condition=Q(customer_id__isnull=False) | Q(guest_token_hash__isnull=False),
                name="checkout_owned_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(total_minor__gte=0), name="checkout_total_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["cart_id"], name="checkout_of_cart"),
            models.Index(
                fields=["expires_at"], condition=Q(status="OPEN"), name="checkout_open_until"
            ),
            models.Index(fields=["-created_at", "-id"], name="checkout_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.status} checkout of {Money(self.total_minor, self.currency)}"


class Saga(models.Model):
    """One attempt to buy: how far it got, who runs it until when, and everything it did.

    Time in ``lease_until`` and ``next_attempt_at`` is the database's, the one clock that all share.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=32, default="checkout")
    checkout = models.ForeignKey(
        Checkout, on_delete=models.PROTECT, related_name="sagas", db_index=False
    )
    attempt = models.PositiveIntegerField()
    order_id = models.UUIDField()
    payment_id = models.UUIDField()
    state = models.CharField(max_length=12, default=SagaState.RUNNING)
    step = models.CharField(max_length=12, default=Step.PLACE)
    tries = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, default="", blank=True)
    failure = models.JSONField(default=dict, blank=True)
    log = models.JSONField(default=list, blank=True)
    lease_owner = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checkout", "attempt"], name="saga_once_per_attempt"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in SagaState]),
                name="saga_state_known",
            ),
            models.CheckConstraint(
                condition=Q(step__in=[step.value for step in Step]), name="saga_step_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state__in=[state.value for state in OPEN]),
                name="saga_open",
            ),
            models.Index(fields=["order_id"], name="saga_of_order"),
            models.Index(fields=["-created_at", "-id"], name="saga_newest"),
            models.Index(fields=["state", "-created_at", "-id"], name="saga_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state} after {self.step}"
