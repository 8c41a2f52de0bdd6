"""The address book."""

from django.db import models
from django.db.models import Q

from apps.accounts.models.user import User
from ecommerce.clock import now
from ecommerce.ids import new_id


class Address(models.Model):
    """An address of one user. The database allows one default of each kind per user."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    label = models.CharField(max_length=50, blank=True)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    company = models.CharField(max_length=200, blank=True)
    line1 = models.CharField(max_length=200)
    line2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100)
    region = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2)
    phone = models.CharField(max_length=20, blank=True)
    is_default_shipping = models.BooleanField(default=False)
    is_default_billing = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name_plural = "addresses"
        constraints = [
            models.CheckConstraint(
                name="accounts_address_country_iso", condition=Q(country__regex=r"^[A-Z]{2}$")
            ),
            models.UniqueConstraint(
                name="accounts_address_one_default_shipping",
                fields=["user"],
                condition=Q(is_default_shipping=True),
            ),
            models.UniqueConstraint(
                name="accounts_address_one_default_billing",
                fields=["user"],
                condition=Q(is_default_billing=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line1}, {self.city}"
