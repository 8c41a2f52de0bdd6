"""What the last imported file said of a SKU's price and stock, so that saying it again is no news."""

from django.db import models

from apps.catalog.models.product import Sku


class ImportedOffer(models.Model):
    """A memory of imports, not a price: pricing and inventory own the truth."""

    sku = models.OneToOneField(Sku, models.CASCADE, primary_key=True, related_name="imported_offer")
    prices = models.JSONField(default=list)
    on_hand = models.IntegerField(null=True)
    import_id = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.sku_id} {self.prices}"
