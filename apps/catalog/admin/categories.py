"""The category tree."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from unfold.decorators import display

from apps.catalog import services
from apps.catalog.admin.refusals import ServiceAdmin
from apps.catalog.models import Category
from apps.catalog.types import CategoryFields
from ecommerce.backoffice import viewer_in_admin
from ecommerce.clock import now

_FIELDS = (
    "name",
    "slug",
    "description",
    "names",
    "seo_title",
    "seo_description",
    "external_id",
)


class CategoryForm(forms.ModelForm):  # type: ignore[type-arg]  # of Category
    """What may be set of a category, and where it stands."""

    place = forms.IntegerField(
        min_value=1, required=False, help_text="Among its siblings; empty: where it is, or last"
    )

    class Meta:
        model = Category
        fields = ("parent", *_FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        if "parent" in self.fields:
            self.fields["parent"].queryset = Category.objects.order_by("path")  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        """The form as the services take it."""
        told = {name: self.cleaned_data[name] for name in _FIELDS}
        told["names"] = told["names"] or {}
        told["external_id"] = told["external_id"] or None
        return told


@admin.register(Category)
class CategoryAdmin(ServiceAdmin):
    """Categories in the order of their paths."""

    form = CategoryForm
    list_display = ("indented", "path", "products", "position", "version")
    search_fields = ("name", "path")
    ordering = ("path",)
    fields = (
        "name",
        "slug",
        "parent",
        "place",
        "description",
        "names",
        "seo_title",
        "seo_description",
        "external_id",
    )
    actions = ()

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Category]":
        rows: QuerySet[Category] = super().get_queryset(request)
        return rows.annotate(product_count=Count("memberships"))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    @display(description="Name", ordering="path")  # type: ignore[untyped-decorator]  # unfold is untyped
    def indented(self, category: Category) -> str:
        depth = category.path.count("/")
        return format_html(
            '<span style="padding-left:{}rem">{}</span>', depth * 1.25, category.name
        )

    @display(description="Products")  # type: ignore[untyped-decorator]  # unfold is untyped
    def products(self, category: Category) -> int:
        return getattr(category, "product_count", 0)

    def save_model(
        self, request: HttpRequest, obj: Category, form: CategoryForm, change: bool
    ) -> None:
        parent = form.cleaned_data["parent"]
        place = form.cleaned_data["place"]
        if change:
            services.update_category(
                category_id=obj.id, changes=form.told(), expected_version=None, now=now()
            )
        else:
            obj.id = services.create_category(
                CategoryFields(**form.told()), parent_id=parent.id if parent else None, now=now()
            ).category_id
        if place or (change and "parent" in form.changed_data):
            services.move_category(
                category_id=obj.id,
                parent_id=parent.id if parent else None,
                position=place - 1 if place else None,
                expected_version=None,
                now=now(),
            )

    def delete_model(self, request: HttpRequest, obj: Category) -> None:
        services.delete_category(
            category_id=obj.id, viewer=viewer_in_admin(request), expected_version=None
        )
