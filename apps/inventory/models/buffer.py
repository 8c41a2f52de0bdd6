"""Units that a channel does not sell."""

from django.db import models
from django.db.models import Q

from ecommerce.ids import new_id


class ChannelBuffer(models.Model):
    """So many units of a SKU are held back from a channel; without a SKU, of every one that has no buffer of its own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.SlugField(max_length=40)
    sku_id = models.UUIDField(null=True, blank=True)
    units = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "sku_id"],
                nulls_distinct=False,
                name="inventory_buffer_once",
            ),
            models.CheckConstraint(condition=Q(units__gte=0), name="inventory_buffer_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.units} held back from {self.channel}"
