"""What is bought: from whom, on which terms, how much of it came, and what it cost."""

from enum import StrEnum

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q

from apps.inventory.domain.purchasing import OrderState
from apps.inventory.models.stock import Location
from ecommerce.dimensions import CURRENCY
from ecommerce.ids import new_id


def choices_of(values: type[StrEnum]) -> list[tuple[str, str]]:
    """A column's choices: the values of a rule's enumeration."""
    return [(value.value, value.value) for value in values]


class Supplier(models.Model):
    """Who sells to the shop. The lead time is in days, from sending an order to its arrival."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True, default="")
    currency = models.CharField(max_length=3, default=CURRENCY)
    lead_time_days = models.DecimalField(max_digits=6, decimal_places=2, default=7)
    lead_time_spread_days = models.DecimalField(
        max_digits=6, decimal_places=2, default=0, help_text="standard deviation of the lead time"
    )
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lead_time_days__gte=0) & Q(lead_time_spread_days__gte=0),
                name="inventory_supplier_waits_forward",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex="^[A-Z]{3}$"), name="inventory_supplier_currency"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class SupplierTerm(models.Model):
    """On which terms a supplier sells a SKU. At most one term of a SKU is preferred."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="terms")
    sku_id = models.UUIDField()
    supplier_sku = models.CharField(max_length=100, blank=True, default="")
    unit_cost_minor = models.BigIntegerField(help_text="minor units of the supplier's currency")
    minimum_units = models.PositiveIntegerField(default=1)
    pack_units = models.PositiveIntegerField(default=1)
    preferred = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sku_id", "supplier"], name="inventory_term_once"),
            models.UniqueConstraint(
                fields=["sku_id"],
                condition=Q(preferred=True),
                name="inventory_term_one_preferred",
            ),
            models.CheckConstraint(
                condition=Q(unit_cost_minor__gte=0), name="inventory_term_cost_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(minimum_units__gte=1) & Q(pack_units__gte=1),
                name="inventory_term_sells_some",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} from {self.supplier_id}"


class PurchaseOrder(models.Model):
    """Goods ordered of a supplier for a location.

    ``exchange_rate`` is units of the books' currency for one of the order's. A trigger refuses steps
    that ``domain/purchasing.py`` does not declare.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="orders")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=choices_of(OrderState), default="DRAFT")
    currency = models.CharField(max_length=3)
    exchange_rate = models.DecimalField(max_digits=18, decimal_places=9, default=1)
    expected_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, default="")
    author = models.CharField(max_length=100, blank=True, default="")
    approved_by = models.CharField(max_length=100, blank=True, default="")
    approved_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(exchange_rate__gt=0), name="inventory_po_rate_positive"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["DRAFT", "CANCELLED"]) | Q(approved_at__isnull=False),
                name="inventory_po_approved_before_use",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="inventory_po_newest"),
        ]

    def __str__(self) -> str:
        return self.number


class PurchaseOrderLine(models.Model):
    """Units of a SKU on an order. ``received`` are good units, ``damaged`` those that came broken."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(
        PurchaseOrder, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    sku_id = models.UUIDField(db_index=True)
    ordered = models.IntegerField()
    received = models.IntegerField(default=0)
    damaged = models.IntegerField(default=0)
    cancelled = models.IntegerField(default=0)
    unit_cost_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "sku_id"], name="inventory_po_line_once"),
            models.CheckConstraint(condition=Q(ordered__gte=1), name="inventory_po_line_some"),
            models.CheckConstraint(
                condition=Q(received__gte=0)
                & Q(damaged__gte=0)
                & Q(cancelled__gte=0)
                & Q(cancelled__lte=F("ordered")),
                name="inventory_po_line_counts",
            ),
            models.CheckConstraint(
                condition=Q(unit_cost_minor__gte=0), name="inventory_po_line_cost_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordered} of {self.sku_id}"

    @property
    def outstanding(self) -> int:
        """Units that are still to come."""
        return max(0, self.ordered - self.received - self.damaged - self.cancelled)


class PurchaseCost(models.Model):
    """What an order costs besides its goods."""

    class Kind(models.TextChoices):
        FREIGHT = "freight"
        DUTY = "duty"
        OTHER = "other"

    class Split(models.TextChoices):
        VALUE = "value"
        QUANTITY = "quantity"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="costs")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount_minor = models.BigIntegerField()
    split = models.CharField(max_length=10, choices=Split.choices, default=Split.VALUE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0), name="inventory_po_cost_not_negative"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor}"


class OrderMail(models.Model):
    """A purchase order on its way to the supplier: sent by a task, again until it went out."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.OneToOneField(PurchaseOrder, on_delete=models.CASCADE, related_name="mail")
    recipient = models.EmailField()
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                name="inventory_po_mail_due",
                condition=Q(delivered_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} to {self.recipient}"
