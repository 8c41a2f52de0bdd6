"""Products with their SKUs."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.decorators import display

from apps.catalog import services
from apps.catalog.admin.refusals import ServiceAdmin, each
from apps.catalog.models import Category, Product, Sku
from apps.catalog.types import (
    ACTIVE,
    ARCHIVED,
    DRAFT,
    PUBLISHED,
    UNPUBLISHED,
    MediaRef,
    ProductFields,
    SkuFields,
)
from ecommerce.backoffice import viewer_in_admin
from ecommerce.clock import now

_BADGES = {PUBLISHED: "success", DRAFT: "info", UNPUBLISHED: "warning", ARCHIVED: "danger"}
_TOLD = (
    "title",
    "slug",
    "description",
    "brand",
    "product_type",
    "tags",
    "option_names",
    "attributes",
    "media",
    "seo_title",
    "seo_description",
    "external_id",
)
_SKU_TOLD = (
    "code",
    "option_values",
    "barcode",
    "weight_grams",
    "hs_code",
    "country_of_origin",
    "tax_class",
    "status",
)


class ProductForm(forms.ModelForm):  # type: ignore[type-arg]  # of Product
    """What may be set of a product."""

    tags = SimpleArrayField(forms.CharField(max_length=255), required=False)
    option_names = SimpleArrayField(
        forms.CharField(max_length=64), delimiter="|", required=False, help_text="Parted by |"
    )
    categories = forms.ModelMultipleChoiceField(Category.objects.order_by("path"), required=False)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Product
        fields = _TOLD

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        if not self.instance._state.adding:
            inside = self.instance.memberships.order_by("position")
            self.fields["categories"].initial = [one.category_id for one in inside]
            self.fields["seen_version"].initial = self.instance.version

    def told(self) -> dict[str, Any]:
        """The form as the services take it."""
        given = self.cleaned_data
        told = {name: given[name] for name in _TOLD}
        told["tags"] = tuple(given["tags"])
        told["option_names"] = tuple(given["option_names"])
        told["external_id"] = given["external_id"] or None
        told["category_ids"] = tuple(category.id for category in given["categories"])
        told["media"] = tuple(
            MediaRef(url=ref.get("url", ""), alt=ref.get("alt", ""), media_id=ref.get("media_id"))
            for ref in given["media"] or ()
        )
        told["attributes"] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in (given["attributes"] or {}).items()
        }
        return told


class SkuForm(forms.ModelForm):  # type: ignore[type-arg]  # of Sku
    """What may be set of a SKU."""

    option_values = SimpleArrayField(
        forms.CharField(max_length=255), delimiter="|", required=False, help_text="Parted by |"
    )

    class Meta:
        model = Sku
        fields = _SKU_TOLD

    def told(self, option_names: tuple[str, ...]) -> dict[str, Any]:
        """The form as the services take it."""
        told = {name: self.cleaned_data[name] for name in _SKU_TOLD}
        values = told.pop("option_values")
        told["options"] = dict(zip(option_names, values, strict=False))
        return told


class SkuInline(TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = Sku
    form = SkuForm
    extra = 0
    can_delete = False
    ordering = ("position", "id")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Sku]":
        rows: QuerySet[Sku] = super().get_queryset(request)
        return rows.exclude(status="DELETED")


@admin.register(Product)
class ProductAdmin(ServiceAdmin):
    """Products, newest first."""

    form = ProductForm
    inlines = (SkuInline,)
    list_display = ("title", "shown_status", "brand", "sku_count", "version", "updated_at")
    list_filter = ("status", "seller")
    search_fields = ("title", "slug", "skus__code")
    ordering = ("-created_at", "id")
    actions = ("publish", "unpublish", "delete_products")
    readonly_fields = ("status", "version", "published_at", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("title", "slug", "description", "brand", "product_type", "tags")}),
        ("Shelf", {"fields": ("categories", "option_names", "attributes", "media")}),
        ("Search engines", {"fields": ("seo_title", "seo_description")}),
        (
            "State",
            {
                "fields": (
                    "status",
                    "version",
                    "published_at",
                    "created_at",
                    "updated_at",
                    "external_id",
                    "seen_version",
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Product]":
        rows: QuerySet[Product] = super().get_queryset(request)
        return rows.annotate(skus_active=Count("skus", filter=Q(skus__status=ACTIVE)))

    @display(description="Status", label=_BADGES, ordering="status")  # type: ignore[untyped-decorator]  # unfold is untyped
    def shown_status(self, product: Product) -> str:
        return product.status

    @display(description="SKUs")  # type: ignore[untyped-decorator]  # unfold is untyped
    def sku_count(self, product: Product) -> int:
        return getattr(product, "skus_active", 0)

    def has_change_permission(self, request: HttpRequest, obj: Product | None = None) -> bool:
        alive = obj is None or obj.status != ARCHIVED
        return alive and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Product | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Product, form: ProductForm, change: bool
    ) -> None:
        if not change:
            obj.id = services.create_product(ProductFields(**form.told()), now=now()).product_id
            return
        services.update_product(
            product_id=obj.id,
            changes=form.told(),
            expected_version=form.cleaned_data["seen_version"],
            now=now(),
        )

    def save_formset(
        self, request: HttpRequest, form: ProductForm, formset: Any, change: bool
    ) -> None:
        formset.save(commit=False)
        names = tuple(form.cleaned_data["option_names"])
        for sku in (one for one in formset.forms if one.has_changed()):
            told = sku.told(names)
            if sku.instance._state.adding:
                told.pop("status")
                services.create_sku(product_id=form.instance.id, sku=SkuFields(**told), now=now())
            else:
                services.update_sku(
                    reference=sku.instance.id, changes=told, expected_version=None, now=now()
                )

    @admin.action(description="Publish", permissions=["change"])
    def publish(self, request: HttpRequest, rows: "QuerySet[Product]") -> None:
        viewer = viewer_in_admin(request)
        each(
            request,
            rows,
            "published",
            lambda row: services.publish_product(product_id=row.id, viewer=viewer, now=now()),
        )

    @admin.action(description="Unpublish", permissions=["change"])
    def unpublish(self, request: HttpRequest, rows: "QuerySet[Product]") -> None:
        viewer = viewer_in_admin(request)
        each(
            request,
            rows,
            "unpublished",
            lambda row: services.unpublish_product(product_id=row.id, viewer=viewer, now=now()),
        )

    @admin.action(description="Delete from the catalog", permissions=["change"])
    def delete_products(self, request: HttpRequest, rows: "QuerySet[Product]") -> None:
        viewer = viewer_in_admin(request)
        each(
            request,
            rows,
            "deleted",
            lambda row: services.delete_product(product_id=row.id, viewer=viewer, now=now()),
        )
