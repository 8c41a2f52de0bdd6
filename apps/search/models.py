"""The storefront's read model: everything here is built from others' events and may be rebuilt."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Lower


class Document(models.Model):
    """One published product as a shopper sees it, but for price and stock, which change by the minute."""

    product_id = models.UUIDField(primary_key=True)
    merchant = models.TextField()
    slug = models.TextField()
    title = models.TextField()
    localized_titles = models.JSONField(default=dict)
    """By ``locale channel``, where it is not the product's own."""
    all_titles = models.TextField(default="")
    """The titles of all locales, a line each: what an index finds parts of words by."""
    brand = models.TextField(blank=True)
    body = models.JSONField()
    card = models.TextField(db_default="")
    """What a list shows of it, ready JSON without its title (which is the shopper's) and closing brace."""
    category_ids = ArrayField(models.UUIDField())
    facet_values = ArrayField(models.TextField())
    """``facet:value``, what filters and counts go by."""
    vector = SearchVectorField()
    in_stock = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    version = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant", "slug"], name="search_document_slug")
        ]
        indexes = [
            GinIndex(fields=["vector"], name="search_document_vector"),
            GinIndex(fields=["facet_values"], name="search_document_facets"),
            GinIndex(fields=["category_ids"], name="search_document_categories"),
            GinIndex(
                fields=["all_titles"], name="search_document_titles", opclasses=["gin_trgm_ops"]
            ),
            GinIndex(fields=["brand"], name="search_document_brand", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["-published_at", "-product_id"], name="search_document_newest"),
            models.Index(fields=["title", "product_id"], name="search_document_by_title"),
            models.Index(OpClass(Lower("title"), "text_pattern_ops"), name="search_document_begun"),
        ]

    def __str__(self) -> str:
        return self.title


class Sku(models.Model):
    """Which product a SKU belongs to, so that a price or a count finds its page."""

    sku_id = models.UUIDField(primary_key=True)
    product_id = models.UUIDField(db_index=True)
    active = models.BooleanField()

    def __str__(self) -> str:
        return str(self.sku_id)


class Offer(models.Model):
    """A price of a SKU in one channel and currency, for as long as it holds."""

    price_id = models.UUIDField(primary_key=True)
    sku_id = models.UUIDField()
    channel = models.TextField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    compare_at_minor = models.BigIntegerField(null=True)
    min_quantity = models.PositiveIntegerField()
    priority = models.IntegerField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    changes_at = models.DateTimeField(null=True)
    """When it begins or ends next: the minute's sweep then lists its product anew."""

    class Meta:
        indexes = [
            models.Index(fields=["sku_id", "channel", "currency"], name="search_offer_sku"),
            models.Index(fields=["changes_at"], name="search_offer_due"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"


class Stock(models.Model):
    """How many of a SKU may be sold now, over all locations."""

    sku_id = models.UUIDField(primary_key=True)
    available = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.available)


class Listing(models.Model):
    """The lowest price of a product in one channel and currency: what lists sort and filter by."""

    pk = models.CompositePrimaryKey("product_id", "channel", "currency")
    product_id = models.UUIDField()
    channel = models.TextField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    compare_at_minor = models.BigIntegerField(null=True)
    highest_minor = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["channel", "currency", "amount_minor", "product_id"],
                name="search_listing_price",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"


class Shelf(models.Model):
    """A listing in one of the categories that the product is in, or above them: what their lists go by."""

    pk = models.CompositePrimaryKey("category_id", "channel", "currency", "product_id")
    category_id = models.UUIDField()
    channel = models.TextField()
    currency = models.CharField(max_length=3)
    product_id = models.UUIDField(db_index=True)
    amount_minor = models.BigIntegerField()
    compare_at_minor = models.BigIntegerField(null=True)
    highest_minor = models.BigIntegerField()
    published_at = models.DateTimeField(null=True)
    title = models.TextField(default="", db_default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["category_id", "channel", "currency", "amount_minor", "product_id"],
                name="search_shelf_price",
            ),
            models.Index(
                fields=["category_id", "channel", "currency", "-published_at", "-product_id"],
                name="search_shelf_newest",
            ),
            models.Index(
                fields=["category_id", "channel", "currency", "title", "product_id"],
                name="search_shelf_title",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"


class FacetCount(models.Model):
    """How many products of a market, or of a category of it, have a facet's value.

    What a list without further filters tells without counting. The facet ``""`` counts the products
    themselves; the nil UUID is the category of everything.
    """

    pk = models.CompositePrimaryKey(
        "merchant", "channel", "currency", "category_id", "facet", "value"
    )
    merchant = models.TextField()
    channel = models.TextField()
    currency = models.CharField(max_length=3)
    category_id = models.UUIDField()
    facet = models.TextField()
    value = models.TextField()
    count = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=[
                    *("merchant", "channel", "currency", "category_id", "facet"),
                    *("-count", "value"),
                ],
                name="search_facetcount_most",
            )
        ]

    def __str__(self) -> str:
        return f"{self.facet}:{self.value} {self.count}"


class Category(models.Model):
    """A node of the tree, for breadcrumbs, filters and facet names."""

    category_id = models.UUIDField(primary_key=True)
    parent_id = models.UUIDField(null=True)
    name = models.TextField()
    names = models.JSONField(default=dict)
    slug = models.TextField()
    path = models.TextField(db_index=True)
    ancestor_ids = ArrayField(models.UUIDField())
    position = models.IntegerField()

    def __str__(self) -> str:
        return self.path
