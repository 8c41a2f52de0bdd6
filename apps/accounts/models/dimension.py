"""Merchants, channels and sellers: the dimensions that everything else names by code."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from ecommerce.clock import now

CODE = RegexValidator(r"\A[a-z0-9][a-z0-9-]*\Z", "Small letters, digits and hyphens.")


class Merchant(models.Model):
    """A legal entity: whose money, ledger and invoices they are."""

    code = models.CharField(max_length=32, primary_key=True, validators=[CODE])
    name = models.CharField(max_length=200)
    legal_name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    vat_number = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_merchant_country_iso", condition=Q(country__regex=r"^[A-Z]{2}$")
            )
        ]

    def __str__(self) -> str:
        return self.name


class Channel(models.Model):
    """A storefront or market. ``currency``, ``locale`` and ``country`` are what a new visitor gets."""

    code = models.CharField(max_length=32, primary_key=True, validators=[CODE])
    name = models.CharField(max_length=200)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    currency = models.CharField(max_length=3)
    currencies = ArrayField(models.CharField(max_length=3))
    locale = models.CharField(max_length=16)
    locales = ArrayField(models.CharField(max_length=16))
    country = models.CharField(max_length=2)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_channel_currency_offered",
                condition=Q(currencies__contains=[F("currency")]),
            ),
            models.CheckConstraint(
                name="accounts_channel_locale_offered",
                condition=Q(locales__contains=[F("locale")]),
            ),
            models.CheckConstraint(
                name="accounts_channel_country_iso", condition=Q(country__regex=r"^[A-Z]{2}$")
            ),
            models.CheckConstraint(
                name="accounts_channel_currency_iso", condition=Q(currency__regex=r"^[A-Z]{3}$")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Seller(models.Model):
    """Who sells a line: the shop itself, or one of its marketplace sellers."""

    code = models.CharField(max_length=32, primary_key=True, validators=[CODE])
    name = models.CharField(max_length=200)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now, editable=False)

    def __str__(self) -> str:
        return self.name
