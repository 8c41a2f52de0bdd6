"""What warehouses are asked to do, what they told us, and how their stock compares with ours."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from apps.inventory.domain.warehouse import OPEN
from apps.inventory.models.inbound import Inbound
from apps.inventory.models.stock import Location
from ecommerce.ids import new_id


class WarehouseTask(models.Model):
    """A pick for an order, or goods that are to come in: its id is what the warehouse knows it by.

    REQUESTED is on record, SENT was asked and nobody knows yet whether it arrived, ACCEPTED is the
    warehouse's. A pick ends PICKED or SHORT, a receipt DONE; either may end FAILED (refused) or CANCELLED.
    A receipt may be of a delivery (``inbound``): what is reported of it is booked as that delivery's.
    ``pending`` is the call that is still to be made or to be made certain of, ``sequence`` the number of
    the last report of the warehouse that had its effect here.
    """

    class Kind(models.TextChoices):
        PICK = "pick"
        RECEIPT = "receipt"

    class Status(models.TextChoices):
        REQUESTED = "REQUESTED"
        SENT = "SENT"
        ACCEPTED = "ACCEPTED"
        PICKED = "PICKED"
        SHORT = "SHORT"
        DONE = "DONE"
        FAILED = "FAILED"
        CANCELLED = "CANCELLED"

    class Call(models.TextChoices):
        NONE = ""
        CREATE = "create"
        CANCEL = "cancel"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.REQUESTED)
    order_id = models.UUIDField(null=True)
    inbound = models.ForeignKey(
        Inbound, null=True, on_delete=models.PROTECT, related_name="tasks", db_index=False
    )
    reference = models.CharField(max_length=100, blank=True, default="")
    incoming = models.BooleanField(default=False)
    pending = models.CharField(max_length=10, choices=Call.choices, blank=True, default="")
    sequence = models.BigIntegerField(default=0)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True, default="")
    created_by = models.CharField(max_length=100, blank=True, default="")
    created_at = models.DateTimeField(db_default=TransactionNow())
    updated_at = models.DateTimeField(db_default=TransactionNow())
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="pick", order_id__isnull=False) | Q(kind="receipt", order_id=None),
                name="inventory_task_pick_is_for_an_order",
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(OPEN), closed_at=None)
                | (~Q(status__in=sorted(OPEN)) & Q(closed_at__isnull=False)),
                name="inventory_task_closed_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(pending="", next_try_at=None)
                | (~Q(pending="") & Q(next_try_at__isnull=False)),
                name="inventory_task_call_has_a_time",
            ),
            models.UniqueConstraint(
                fields=["order_id", "location"],
                condition=Q(status__in=sorted(OPEN), kind="pick"),
                name="inventory_task_one_open_pick",
            ),
            models.CheckConstraint(
                condition=Q(inbound=None) | Q(kind="receipt", incoming=False),
                name="inventory_task_of_delivery_receives",
            ),
            models.UniqueConstraint(
                fields=["inbound"],
                condition=Q(status__in=sorted(OPEN)),
                name="inventory_task_one_open_receipt",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="inventory_task_due", condition=~Q(pending="")
            ),
            models.Index(
                fields=["updated_at"],
                name="inventory_task_waiting",
                condition=Q(status="ACCEPTED", pending=""),
            ),
            models.Index(
                fields=["order_id"],
                name="inventory_task_of_order",
                condition=Q(order_id__isnull=False),
            ),
            models.Index(
                fields=["inbound"],
                name="inventory_task_of_delivery",
                condition=Q(inbound__isnull=False),
            ),
            models.Index(fields=["-created_at", "-id"], name="inventory_task_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class WarehouseTaskLine(models.Model):
    """Units of a SKU: asked for, and picked or received in good order (``done``) or ``damaged`` so far.

    ``lots`` says of which lots the received ones are, where the warehouse told. Nobody asked for a ``quantity``
    of nought: a delivery brought it all the same.
    """

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(
        WarehouseTask, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    sku_id = models.UUIDField()
    quantity = models.IntegerField()
    done = models.IntegerField(default=0)
    damaged = models.IntegerField(default=0)
    lots = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "sku_id"], name="inventory_task_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0, done__gte=0, damaged__gte=0),
                name="inventory_task_line_counts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.done} of {self.quantity} of {self.sku_id}"


class WarehouseMessage(models.Model):
    """The inbox: what a warehouse told us, once per event however often it is sent."""

    class State(models.TextChoices):
        RECEIVED = "received"
        APPLIED = "applied"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    event_id = models.CharField(max_length=150)
    task_id = models.UUIDField()
    sequence = models.BigIntegerField()
    report = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    tries = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True, default="")
    received_at = models.DateTimeField(db_default=TransactionNow())
    next_try_at = models.DateTimeField(db_default=TransactionNow())
    applied_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "warehouse report"
        constraints = [
            models.UniqueConstraint(
                fields=["location", "event_id"], name="inventory_warehouse_message_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="inventory_warehouse_msg_due",
                condition=Q(state="received"),
            ),
            models.Index(
                fields=["received_at"],
                name="inventory_warehouse_msg_failed",
                condition=Q(state="failed"),
            ),
            models.Index(fields=["task_id"], name="inventory_warehouse_msg_task"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}: {self.state}"


class WarehouseFile(models.Model):
    """A file that a warehouse put down and that was read: each once, by its name and content."""

    id = models.BigAutoField(primary_key=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, blank=True, default="")
    rows = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, blank=True)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["location", "name", "sha256"], name="inventory_warehouse_file_once"
            ),
        ]
        indexes = [models.Index(fields=["-read_at", "-id"], name="inventory_warehouse_file_new")]

    def __str__(self) -> str:
        return self.name


class StockComparison(models.Model):
    """One asking of a warehouse what lies there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    compared_at = models.DateTimeField()
    skus = models.PositiveIntegerField(default=0)
    moving = models.PositiveIntegerField(
        default=0, help_text="SKUs left out because a task of them is under way."
    )
    differing = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True, default="")
    count_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-compared_at", "-id"], name="inventory_comparison_newest"),
        ]

    def __str__(self) -> str:
        return f"comparison of {self.compared_at:%Y-%m-%d %H:%M}"


class StockDifference(models.Model):
    """A SKU of which the warehouse has another number on its shelves than we think.

    ``ours`` is what we have on hand without what is picked and waits to leave (``staged``).
    """

    id = models.BigAutoField(primary_key=True)
    comparison = models.ForeignKey(
        StockComparison, on_delete=models.CASCADE, related_name="differences", db_index=False
    )
    sku_id = models.UUIDField()
    ours = models.IntegerField()
    theirs = models.IntegerField()
    staged = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comparison", "sku_id"], name="inventory_difference_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.ours} here, {self.theirs} there"
