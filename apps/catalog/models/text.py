"""Texts of products by locale and channel, as pim published them last: a read model of its events."""

from django.db import models


class LocalizedText(models.Model):
    """One locale's and channel's texts. ``manage.py replay catalog.localized_texts`` builds them anew."""

    pk = models.CompositePrimaryKey("product_id", "locale", "channel")
    product_id = models.UUIDField()
    locale = models.CharField(max_length=35)
    channel = models.CharField(max_length=64)
    title = models.TextField()
    description = models.TextField()
    bullets = models.JSONField()
    seo_title = models.TextField()
    seo_description = models.TextField()
    version = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.product_id} {self.locale} {self.channel}"
