"""Read models of the shop's sales, built from the orders' events and rebuilt from them at will."""

from django.db import models


class CustomerOrder(models.Model):
    """An order as its customer's history shows it: the state that its latest event told."""

    order_id = models.UUIDField(primary_key=True)
    customer_id = models.UUIDField(null=True)
    number = models.TextField()
    status = models.TextField()
    channel = models.TextField()
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    units = models.PositiveIntegerField()
    placed_at = models.DateTimeField()
    version = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["customer_id", "-placed_at", "-order_id"], name="analytics_orders_customer"
            )
        ]

    def __str__(self) -> str:
        return self.number


class DailyRevenue(models.Model):
    """What was taken and given back on one day (UTC), in minor units."""

    pk = models.CompositePrimaryKey("day", "merchant", "channel", "currency")
    day = models.DateField()
    merchant = models.TextField()
    channel = models.TextField()
    currency = models.CharField(max_length=3)
    orders = models.PositiveIntegerField(default=0)
    units = models.PositiveIntegerField(default=0)
    gross_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    canceled_orders = models.PositiveIntegerField(default=0)
    canceled_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    gross_minor__gte=0, canceled_minor__gte=0, refunded_minor__gte=0
                ),
                name="analytics_revenue_not_negative",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.currency}"


class GivenBack(models.Model):
    """How much of an order's money went back, so that no cent of it is counted twice."""

    order_id = models.UUIDField(primary_key=True)
    refunded_minor = models.BigIntegerField()
    counted_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(refunded_minor__gte=0, counted_minor__gte=0),
                name="analytics_given_back_not_negative",
            )
        ]

    def __str__(self) -> str:
        return f"{self.counted_minor} of {self.order_id}"
