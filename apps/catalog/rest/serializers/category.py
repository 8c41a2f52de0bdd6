"""Categories on the wire."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ecommerce.http import Serializer


class CategoryIn(Serializer):
    """What may be set of a category."""

    name = serializers.CharField(max_length=255)
    slug = serializers.CharField(max_length=255, allow_blank=True, default="")
    description = serializers.CharField(max_length=100_000, allow_blank=True, default="")
    seo_title = serializers.CharField(max_length=512, allow_blank=True, default="")
    seo_description = serializers.CharField(max_length=10_000, allow_blank=True, default="")
    names = serializers.DictField(
        child=serializers.CharField(max_length=255), default=dict, help_text="Name by locale"
    )
    external_id = serializers.CharField(max_length=128, allow_null=True, default=None)


class CategoryCreateIn(CategoryIn):
    """A new category, as the last child of its parent."""

    parent_id = serializers.UUIDField(allow_null=True, default=None)


class MoveIn(Serializer):
    """Where a category goes: under which parent (null: the root), at which place among its children."""

    parent_id = serializers.UUIDField(allow_null=True)
    position = serializers.IntegerField(
        min_value=0, allow_null=True, default=None, help_text="Null: last"
    )


class CategoryOut(Serializer):
    """A category."""

    id = serializers.UUIDField(source="category_id")
    parent_id = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    slug = serializers.CharField()
    path = serializers.CharField()
    ancestor_ids = serializers.ListField(child=serializers.UUIDField())
    position = serializers.IntegerField()
    description = serializers.CharField()
    seo_title = serializers.CharField()
    seo_description = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField())
    external_id = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()


class CrumbOut(Serializer):
    """One step of a breadcrumb trail."""

    id = serializers.UUIDField(source="category_id")
    name = serializers.CharField()
    slug = serializers.CharField()
    path = serializers.CharField()


class CategoryDetailOut(CategoryOut):
    """A category with its breadcrumbs, from the root down to itself."""

    breadcrumbs = serializers.SerializerMethodField()

    @extend_schema_field(CrumbOut(many=True))
    def get_breadcrumbs(self, _: Any) -> Any:
        return CrumbOut(self.context["breadcrumbs"], many=True).data


class CategoryNodeOut(Serializer):
    """A category with the tree under it."""

    id = serializers.UUIDField(source="category.category_id")
    name = serializers.CharField(source="category.name")
    slug = serializers.CharField(source="category.slug")
    path = serializers.CharField(source="category.path")
    names = serializers.DictField(source="category.names", child=serializers.CharField())
    position = serializers.IntegerField(source="category.position")
    children = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_children(self, node: Any) -> Any:
        return CategoryNodeOut(node.children, many=True).data


class CategoryTreeOut(Serializer):
    """Trees of categories."""

    results = CategoryNodeOut(many=True)


class CategoryPage(Serializer):
    """A page of categories."""

    results = CategoryOut(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class CategoriesQuery(Serializer):
    """The filters of the category list."""

    tree = serializers.BooleanField(default=False, help_text="Nested, without pages")
    parent_id = serializers.UUIDField(required=False, help_text="The children of this one")
    path = serializers.CharField(max_length=2000, required=False)


class TreeQuery(Serializer):
    """Which part of the tree."""

    root = serializers.UUIDField(required=False)  # type: ignore[assignment]  # a name of DRF's


class LocaleQuery(Serializer):
    """In which language."""

    locale = serializers.CharField(max_length=35, default="", allow_blank=True)
