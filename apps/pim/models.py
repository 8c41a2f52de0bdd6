"""Product texts by locale and channel: every version is kept, one of them is published."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ecommerce.ids import new_id


class Content(models.Model):
    """The texts of a product for one locale and channel; their versions hang below."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    product_id = models.UUIDField()
    locale = models.CharField(max_length=35)
    channel = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    published_version = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product_id", "locale", "channel"], name="pim_content_once"
            ),
            models.CheckConstraint(
                condition=Q(published_version__isnull=True)
                | Q(published_version__lte=F("version")),
                name="pim_content_published_is_a_version",
            ),
        ]
        indexes = [models.Index(fields=["-updated_at", "id"], name="pim_content_newest")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.locale} {self.channel}"


class ContentVersion(models.Model):
    """One saved version; append-only (0002)."""

    id = models.BigAutoField(primary_key=True)
    content = models.ForeignKey(Content, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=512, blank=True)
    description = models.TextField(blank=True)
    bullets = ArrayField(models.CharField(max_length=1000), default=list)
    seo_title = models.CharField(max_length=512, blank=True)
    seo_description = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content", "version"], name="pim_content_version_once")
        ]

    def __str__(self) -> str:
        return f"version {self.version}"


class Publication(models.Model):
    """A version went live; append-only (0002)."""

    id = models.BigAutoField(primary_key=True)
    content = models.ForeignKey(Content, models.PROTECT, related_name="publications")
    version = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"version {self.version} live from {self.published_at}"
