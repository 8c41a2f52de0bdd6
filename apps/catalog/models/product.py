"""Products, their SKUs, and the categories that they are in."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from apps.catalog.models.category import Category
from apps.catalog.types import ACTIVE, ARCHIVED, DEPRECATED, DRAFT, PUBLISHED, UNPUBLISHED
from ecommerce.dimensions import MERCHANT, SELLER
from ecommerce.ids import new_id

STATUSES = (DRAFT, PUBLISHED, UNPUBLISHED, ARCHIVED)
DELETED = "DELETED"
SKU_STATUSES = (ACTIVE, DEPRECATED, DELETED)


class Product(models.Model):
    """What a shopper sees on one page; its SKUs are what they buy."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.CharField(max_length=64, default=MERCHANT)
    seller = models.CharField(max_length=64, default=SELLER)
    external_id = models.CharField(max_length=128, null=True, blank=True)  # noqa: DJ001 - unique when told
    slug = models.CharField(max_length=255)
    title = models.CharField(max_length=512)
    description = models.TextField(blank=True, default="")
    brand = models.CharField(max_length=255, blank=True, default="")
    product_type = models.CharField(max_length=255, blank=True, default="")
    tags = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    status = models.CharField(max_length=16, default=DRAFT, choices=[(s, s) for s in STATUSES])
    attributes = models.JSONField(default=dict, blank=True)
    media = models.JSONField(default=list, blank=True)
    option_names = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    seo_title = models.CharField(max_length=512, blank=True, default="")
    seo_description = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "slug"],
                condition=~Q(status=ARCHIVED),
                name="catalog_product_slug_unique",
            ),
            models.UniqueConstraint(
                fields=["merchant", "external_id"],
                condition=~Q(status=ARCHIVED) & Q(external_id__isnull=False),
                name="catalog_product_external_id_unique",
            ),
            models.CheckConstraint(
                condition=Q(status__in=STATUSES), name="catalog_product_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(slug=""), name="catalog_product_is_named"
            ),
            models.CheckConstraint(
                condition=~Q(status=PUBLISHED) | Q(published_at__isnull=False),
                name="catalog_product_published_at_known",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "id"], name="catalog_product_newest"),
            models.Index(fields=["status", "-created_at", "id"], name="catalog_product_status"),
            models.Index(fields=["updated_at"], name="catalog_product_updated"),
            models.Index(
                fields=["brand", "-created_at", "id"],
                condition=~Q(brand=""),
                name="catalog_product_brand",
            ),
            GinIndex(
                OpClass(Upper("title"), name="gin_trgm_ops"), name="catalog_product_title_trgm"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProductCategory(models.Model):
    """A product is in a category; the first by position is the one that breadcrumbs take."""

    id = models.BigAutoField(primary_key=True)
    product = models.ForeignKey(Product, models.CASCADE, related_name="memberships")
    category = models.ForeignKey(Category, models.PROTECT, related_name="memberships")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "category"], name="catalog_product_category_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.category_id}"


class Sku(models.Model):
    """One thing that can be bought, stored and shipped."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="skus")
    code = models.CharField(max_length=128)
    option_values = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    barcode = models.CharField(max_length=14, blank=True, default="")
    weight_grams = models.PositiveIntegerField(null=True, blank=True)
    length_mm = models.PositiveIntegerField(null=True, blank=True)
    width_mm = models.PositiveIntegerField(null=True, blank=True)
    height_mm = models.PositiveIntegerField(null=True, blank=True)
    hs_code = models.CharField(max_length=10, blank=True, default="")
    country_of_origin = models.CharField(max_length=2, blank=True, default="")
    tax_class = models.CharField(max_length=32, default="standard")
    requires_shipping = models.BooleanField(default=True)
    seller = models.CharField(max_length=64, default=SELLER)
    image = models.TextField(blank=True, default="")
    status = models.CharField(max_length=16, default=ACTIVE, choices=[(s, s) for s in SKU_STATUSES])
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = "SKU"
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~Q(status=DELETED), name="catalog_sku_code_unique"
            ),
            models.UniqueConstraint(
                fields=["product", "option_values"],
                condition=Q(status=ACTIVE),
                name="catalog_sku_options_unique",
            ),
            models.CheckConstraint(
                condition=Q(status__in=SKU_STATUSES), name="catalog_sku_status_known"
            ),
            models.CheckConstraint(condition=~Q(code=""), name="catalog_sku_is_coded"),
            models.CheckConstraint(
                condition=Q(barcode__regex=r"^(\d{8}|\d{12,14})?$"), name="catalog_sku_barcode_gtin"
            ),
            models.CheckConstraint(
                condition=Q(hs_code__regex=r"^(\d{6,10})?$"), name="catalog_sku_hs_code"
            ),
            models.CheckConstraint(
                condition=Q(country_of_origin__regex=r"^([A-Z]{2})?$"), name="catalog_sku_origin"
            ),
        ]
        indexes = [
            models.Index(fields=["product", "position", "id"], name="catalog_sku_of_product"),
            models.Index(fields=["-created_at", "id"], name="catalog_sku_newest"),
            models.Index(fields=["barcode"], condition=~Q(barcode=""), name="catalog_sku_barcode"),
        ]

    def __str__(self) -> str:
        return self.code
