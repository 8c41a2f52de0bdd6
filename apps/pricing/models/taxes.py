"""Tax classes and dated rates."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from ecommerce.ids import new_id


class TaxClass(models.Model):
    """What products are for the tax office: standard, reduced, books, food …"""

    code = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "tax classes"

    def __str__(self) -> str:
        return self.code


class TaxRate(models.Model):
    """The rate, in percent, of a class in a country (or one region of it) for a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=16, blank=True, default="")
    tax_class = models.ForeignKey(TaxClass, on_delete=models.PROTECT, db_column="tax_class")
    rate = models.DecimalField(max_digits=7, decimal_places=4)
    name = models.CharField(max_length=200)
    valid_during = DateTimeRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="pricing_tax_periods_apart",
                expressions=[
                    ("country", RangeOperators.EQUAL),
                    ("region", RangeOperators.EQUAL),
                    ("tax_class", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(rate__gte=0) & Q(rate__lt=1000), name="pricing_tax_rate_sane"
            ),
            models.CheckConstraint(
                condition=Q(country__regex=r"^[A-Z]{2}$"), name="pricing_tax_country"
            ),
            models.CheckConstraint(
                condition=Q(valid_during__isempty=False), name="pricing_tax_period_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country}{'-' + self.region if self.region else ''} {self.tax_class_id} {self.rate}"
