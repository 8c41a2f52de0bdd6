"""Tables of orders. Personal data stands in ``orders_address`` alone."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Cast
from django.db.models.lookups import Exact

from apps.orders.domain.paying import PaymentStatus
from apps.orders.domain.transitions import Status
from ecommerce.dimensions import CHANNEL, LOCALE, MERCHANT
from ecommerce.ids import new_id
from ecommerce.money import Money

AMOUNTS = (
    "subtotal_minor",
    "discount_minor",
    "shipping_minor",
    "shipping_tax_minor",
    "tax_minor",
    "total_minor",
)


# What was taken and what went back only follow the payment, so the status is a function of them: news
# that comes twice or late changes nothing. Before the money is taken, the order's own status says it.
_PAYMENT_STATUS = Case(
    When(refunded_minor__gt=0, refunded_minor__gte=F("paid_minor"), then=Value("REFUNDED")),
    When(refunded_minor__gt=0, then=Value("PARTIALLY_REFUNDED")),
    When(
        Q(paid_minor__gt=0) | Q(status__in=["PAID", "FULFILLED", "COMPLETED"]), then=Value("PAID")
    ),
    When(status="CANCELED", then=Value("VOIDED")),
    When(status="CONFIRMED", then=Value("AUTHORIZED")),
    default=Value("PENDING"),
)


def _declared(field: str) -> Q:
    return Q(**{f"{field}__in": [status.value for status in Status]})


class Order(models.Model):
    """A sale. Its status moves only as ``domain.transitions`` and a trigger allow."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=32, editable=False)
    merchant = models.CharField(max_length=32, default=MERCHANT)
    channel = models.CharField(max_length=32, default=CHANNEL)
    locale = models.CharField(max_length=35, default=LOCALE)
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=12, default=Status.PENDING)
    status_reason = models.CharField(max_length=200, default="", blank=True)
    status_actor = models.CharField(max_length=64, default="", blank=True)
    version = models.PositiveIntegerField(default=1)
    checkout_id = models.UUIDField()
    quote_id = models.UUIDField()
    payment_id = models.UUIDField(unique=True)
    customer_id = models.UUIDField(null=True, blank=True)
    guest_token_hash = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001
    prices_include_tax = models.BooleanField()
    subtotal_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField()
    shipping_tax_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField(default=0, db_default=0)
    refunded_minor = models.BigIntegerField(default=0, db_default=0)
    payment_status = models.GeneratedField(
        expression=_PAYMENT_STATUS,
        output_field=models.CharField(
            max_length=20, choices=[(known.value, known.value) for known in PaymentStatus]
        ),
        db_persist=True,
    )
    shipping_method = models.CharField(max_length=64)
    coupon_codes = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    placed_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    fulfilment_started_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant", "number"], name="orders_number_once"),
            models.UniqueConstraint(
                fields=["checkout_id"],
                condition=~Q(status=Status.CANCELED),
                name="orders_one_live_order_per_checkout",
            ),
            models.CheckConstraint(condition=_declared("status"), name="orders_status_known"),
            models.CheckConstraint(
                condition=Q(**{f"{amount}__gte": 0 for amount in AMOUNTS}),
                name="orders_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(paid_minor__gte=0, refunded_minor__gte=0),
                name="orders_money_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    prices_include_tax=True,
                    total_minor=F("subtotal_minor") - F("discount_minor") + F("shipping_minor"),
                )
                | Q(
                    prices_include_tax=False,
                    total_minor=F("subtotal_minor")
                    - F("discount_minor")
                    + F("shipping_minor")
                    + F("tax_minor"),
                ),
                name="orders_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(shipping_tax_minor__lte=F("tax_minor")),
                name="orders_shipping_tax_within_tax",
            ),
            models.CheckConstraint(
                condition=Q(customer_id__isnull=False) | Q(guest_token_hash__isnull=False),
                name="orders_owned_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(fulfilment_started_at__isnull=True)
                | Q(status__in=[Status.PAID, Status.FULFILLED, Status.COMPLETED]),
                name="orders_fulfilment_only_when_paid",
            ),
        ]
        indexes = [
            models.Index(fields=["customer_id", "-placed_at", "-id"], name="orders_of_customer"),
            models.Index(fields=["-placed_at", "-id"], name="orders_newest"),
            models.Index(fields=["status", "-placed_at", "-id"], name="orders_by_status"),
            models.Index(fields=["guest_token_hash"], name="orders_of_guest"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)


class OrderLine(models.Model):
    """What was sold at what price: a snapshot that never changes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField()
    sku_id = models.UUIDField()
    sku_code = models.CharField(max_length=64)
    product_id = models.UUIDField()
    title = models.CharField(max_length=300)
    seller = models.CharField(max_length=32)
    quantity = models.PositiveIntegerField()
    unit_price_minor = models.BigIntegerField()
    subtotal_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    tax_rate = models.DecimalField(max_digits=9, decimal_places=6)
    total_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="orders_line_position_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_line_has_quantity"),
            models.CheckConstraint(
                condition=Exact(
                    F("subtotal_minor"),
                    F("unit_price_minor") * Cast("quantity", models.BigIntegerField()),
                ),
                name="orders_line_subtotal_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(discount_minor__gte=0, discount_minor__lte=F("subtotal_minor")),
                name="orders_line_discount_within_subtotal",
            ),
            models.CheckConstraint(
                condition=Q(tax_minor__gte=0, tax_rate__gte=0, unit_price_minor__gte=0),
                name="orders_line_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(total_minor=F("subtotal_minor") - F("discount_minor"))
                | Q(total_minor=F("subtotal_minor") - F("discount_minor") + F("tax_minor")),
                name="orders_line_total_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["seller", "order"], name="orders_line_of_seller")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku_code}"

    @property
    def unit_price(self) -> Money:
        return Money(self.unit_price_minor, self.order.currency)

    @property
    def subtotal(self) -> Money:
        return Money(self.subtotal_minor, self.order.currency)

    @property
    def discount(self) -> Money:
        return Money(self.discount_minor, self.order.currency)

    @property
    def tax(self) -> Money:
        return Money(self.tax_minor, self.order.currency)

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.order.currency)


class OrderAddress(models.Model):
    """Who gets it and who pays for it: the one table of this room that holds personal data."""

    SHIPPING, BILLING = "SHIPPING", "BILLING"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="addresses", db_index=False
    )
    kind = models.CharField(max_length=8, choices=[(SHIPPING, "shipping"), (BILLING, "billing")])
    email = models.EmailField()
    name = models.CharField(max_length=200)
    company = models.CharField(max_length=200, default="", blank=True)
    line1 = models.CharField(max_length=200)
    line2 = models.CharField(max_length=200, default="", blank=True)
    city = models.CharField(max_length=120)
    postal_code = models.CharField(max_length=20)
    region = models.CharField(max_length=120, default="", blank=True)
    country = models.CharField(max_length=2)
    phone = models.CharField(max_length=32, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "kind"], name="orders_address_kind_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["SHIPPING", "BILLING"]), name="orders_address_kind_known"
            ),
        ]
        verbose_name_plural = "order addresses"

    def __str__(self) -> str:
        return f"{self.kind.lower()} address"


class OrderStatusChange(models.Model):
    """The life of an order, written by a trigger and never changed."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="history", db_index=False
    )
    previous_status = models.CharField(max_length=12, null=True)  # noqa: DJ001
    status = models.CharField(max_length=12)
    reason = models.CharField(max_length=200)
    actor = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    occurred_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "version"], name="orders_history_once"),
        ]

    def __str__(self) -> str:
        return f"{self.previous_status or 'nothing'} → {self.status}"
