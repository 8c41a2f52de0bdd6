"""The double-entry ledger: append-only, each entry balanced per currency, both held by triggers."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from ecommerce.dimensions import MERCHANT
from ecommerce.ids import new_id
from ecommerce.money import Money


class LedgerAccount(models.Model):
    """What money is counted under."""

    class Kind(models.TextChoices):
        ASSET = "asset"
        LIABILITY = "liability"
        INCOME = "income"
        CONTRA_INCOME = "contra_income"

    code = models.CharField(primary_key=True, max_length=60)
    kind = models.CharField(max_length=20, choices=Kind.choices)

    def __str__(self) -> str:
        return self.code


class JournalEntry(models.Model):
    """One movement of money, told once: ``reference`` names the capture or refund that it books."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.CharField(max_length=40, default=MERCHANT)
    kind = models.CharField(max_length=20)
    reference = models.CharField(max_length=100, unique=True)
    payment_id = models.UUIDField(db_index=True)
    order_id = models.UUIDField()
    created_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        verbose_name_plural = "journal entries"

    def __str__(self) -> str:
        return self.reference


class JournalLine(models.Model):
    """A debit or a credit, in minor units."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    currency = models.CharField(max_length=3)
    debit = models.BigIntegerField(default=0)
    credit = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0),
                name="payments_line_is_debit_or_credit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {Money(self.debit or -self.credit, self.currency)}"
