"""Uploaded pictures: what is known of them. The bytes are in the object store."""

from django.db import models

from ecommerce.dimensions import MERCHANT
from ecommerce.ids import new_id


class Media(models.Model):
    """A picture, stored once per merchant."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.CharField(max_length=64, default=MERCHANT)
    file_name = models.CharField(max_length=255)
    storage_name = models.CharField(max_length=255)
    alt = models.CharField(max_length=512, blank=True, default="")
    content_type = models.CharField(max_length=64)
    byte_size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "media"
        constraints = [
            models.UniqueConstraint(fields=["merchant", "sha256"], name="catalog_media_stored_once")
        ]

    def __str__(self) -> str:
        return self.file_name


class MediaVariant(models.Model):
    """A smaller rendition of a picture."""

    id = models.BigAutoField(primary_key=True)
    media = models.ForeignKey(Media, models.CASCADE, related_name="variants")
    name = models.CharField(max_length=32)
    storage_name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    byte_size = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["media", "name"], name="catalog_media_variant_once")
        ]

    def __str__(self) -> str:
        return f"{self.media_id} {self.name}"
