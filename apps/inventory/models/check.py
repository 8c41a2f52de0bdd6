"""What the hourly look at the books found."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models


class StockCheck(models.Model):
    """One look at whether the stock adds up. ``differences``: by check, where and what is said and should be."""

    id = models.BigAutoField(primary_key=True)
    checked_at = models.DateTimeField(db_default=TransactionNow())
    seconds = models.FloatField()
    levels = models.BigIntegerField()
    movements = models.BigIntegerField()
    reservations = models.BigIntegerField()
    differences = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-checked_at"], name="inventory_check_newest")]

    def __str__(self) -> str:
        return f"{self.checked_at:%Y-%m-%d %H:%M}: {sum(map(len, self.differences.values()))} differences"
