"""The category tree: parent pointers for people, an ltree path for subtrees in one index scan."""

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.db.models.lookups import PostgresOperatorLookup

from ecommerce.dimensions import MERCHANT
from ecommerce.ids import new_id

if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField


class Ltree(_Text):
    """PostgreSQL's label tree; labels are the hex form of category ids."""

    def db_type(self, connection: Any) -> str:
        return "ltree"


@Ltree.register_lookup
class InSubtree(PostgresOperatorLookup):
    """``path__in_subtree=x``: x itself or below it, by the GiST index."""

    lookup_name = "in_subtree"
    postgres_operator = "<@"


class Category(models.Model):
    """A node of the tree. 0002 keeps ``tree_path`` and ``path`` true to ``parent``."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.CharField(max_length=64, default=MERCHANT)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    name = models.CharField(max_length=255)
    slug = models.CharField(max_length=255)
    path = models.TextField()
    tree_path = Ltree()
    position = models.PositiveIntegerField(default=0)
    description = models.TextField(blank=True, default="")
    seo_title = models.CharField(max_length=512, blank=True, default="")
    seo_description = models.TextField(blank=True, default="")
    names = models.JSONField(default=dict, blank=True)
    external_id = models.CharField(max_length=128, null=True, blank=True)  # noqa: DJ001 - unique when told
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "parent", "slug"],
                nulls_distinct=False,
                name="catalog_category_slug_unique",
            ),
            models.UniqueConstraint(
                fields=["merchant", "external_id"],
                condition=Q(external_id__isnull=False),
                name="catalog_category_external_id_unique",
            ),
            models.UniqueConstraint(
                fields=["merchant", "parent", "name"],
                nulls_distinct=False,
                name="catalog_category_name_unique",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(slug=""), name="catalog_category_is_named"
            ),
        ]
        indexes = [
            GistIndex(fields=["tree_path"], name="catalog_category_subtree"),
            models.Index(fields=["merchant", "path"], name="catalog_category_path"),
        ]

    def __str__(self) -> str:
        return self.path
