"""Payments and what was asked of the gateway for them."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Case, F, Q, Value, When

from ecommerce.dimensions import MERCHANT
from ecommerce.ids import new_id
from ecommerce.money import Money

# Facts only grow, so the status is a function of them and cannot go back: a webhook that comes late
# adds nothing that is not known already.
_STATUS = Case(
    When(Q(captured__gt=0, refunded__gte=F("captured")), then=Value("REFUNDED")),
    When(refunded__gt=0, then=Value("PARTIALLY_REFUNDED")),
    When(Q(captured__gt=0, captured__gte=F("authorized")), then=Value("CAPTURED")),
    When(captured__gt=0, then=Value("PARTIALLY_CAPTURED")),
    When(voided=True, then=Value("VOIDED")),
    When(authorized__gt=0, then=Value("AUTHORIZED")),
    When(declined=True, then=Value("DECLINED")),
    default=Value("PENDING"),
)


class Payment(models.Model):
    """A payment of an order: what is known to have happened, in minor units of its currency.

    The ``*_pending`` amounts are asked for and not answered yet: they bound what else may be asked.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order_id = models.UUIDField(db_index=True)
    merchant = models.CharField(max_length=40, default=MERCHANT)
    provider = models.CharField(max_length=40)
    method = models.CharField(max_length=100)
    customer_id = models.UUIDField(null=True, db_index=True)
    guest_token_hash = models.CharField(max_length=64, blank=True, default="")
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    authorized = models.BigIntegerField(default=0, db_default=0)
    captured = models.BigIntegerField(default=0, db_default=0)
    refunded = models.BigIntegerField(default=0, db_default=0)
    capture_pending = models.BigIntegerField(default=0, db_default=0)
    refund_pending = models.BigIntegerField(default=0, db_default=0)
    voided = models.BooleanField(default=False, db_default=False)
    declined = models.BooleanField(default=False, db_default=False)
    status = models.GeneratedField(
        expression=_STATUS, output_field=models.CharField(max_length=20), db_persist=True
    )
    gateway_reference = models.CharField(max_length=100, blank=True, default="", db_default="")
    decline_code = models.CharField(max_length=60, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=TransactionNow())
    updated_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_amount_positive"),
            models.CheckConstraint(
                condition=Q(authorized__gte=0) & Q(authorized__lte=F("amount")),
                name="payments_authorized_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(captured__gte=0) & Q(captured__lte=F("authorized")),
                name="payments_captured_within_authorized",
            ),
            models.CheckConstraint(
                condition=Q(refunded__gte=0) & Q(refunded__lte=F("captured")),
                name="payments_refunded_within_captured",
            ),
            models.CheckConstraint(
                condition=Q(capture_pending__gte=0) & Q(refund_pending__gte=0),
                name="payments_pending_not_negative",
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "id"], name="payments_newest")]

    def __str__(self) -> str:
        return f"{self.status} payment of {Money(self.amount, self.currency)}"

    @property
    def left_to_capture(self) -> Money:
        """What is held still and asked for by nobody."""
        left = 0 if self.voided else self.authorized - self.captured - self.capture_pending
        return Money(left, self.currency)

    @property
    def left_to_refund(self) -> Money:
        """What was taken and neither given back nor on its way back."""
        return Money(self.captured - self.refunded - self.refund_pending, self.currency)


class Attempt(models.Model):
    """One thing asked of the gateway. The id is the idempotency key there, so asking twice acts once."""

    class Operation(models.TextChoices):
        AUTHORIZE = "authorize"
        CAPTURE = "capture"
        VOID = "void"
        REFUND = "refund"

    class Status(models.TextChoices):
        STARTED = "started"
        UNKNOWN = "unknown"
        DECLINED = "declined"
        SUCCEEDED = "succeeded"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="attempts")
    operation = models.CharField(max_length=10, choices=Operation.choices)
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.STARTED, db_default="started"
    )
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    gateway_reference = models.CharField(max_length=100, blank=True, default="", db_default="")
    decline_code = models.CharField(max_length=60, blank=True, default="", db_default="")
    tries = models.PositiveIntegerField(default=0, db_default=0)
    asked_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(operation="authorize"),
                name="payments_one_authorization",
            ),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(operation="void"), name="payments_one_void"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="payments_attempt_amount"),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                name="payments_attempt_unsettled",
                condition=Q(status__in=("started", "unknown")),
            ),
            models.Index(fields=["-created_at", "id"], name="payments_attempt_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} of {self.payment_id}: {self.status}"

    @property
    def money(self) -> Money:
        """The amount in the currency of the payment."""
        return Money(self.amount, self.payment.currency)
