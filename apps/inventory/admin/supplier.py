"""Suppliers and their terms in the admin."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import TabularInline

from apps.catalog.services import find_skus
from apps.inventory.admin.typed import MoneyField, MoneyForm, MoneyFormSet, SkuField
from apps.inventory.models import (
    Supplier,
    SupplierTerm,
)
from ecommerce.backoffice import SkuColumns, SkuInlinesAdmin


class TermForm(MoneyForm):
    """What a supplier sells, as a buyer types it."""

    sku_id = SkuField()
    unit_cost_minor = MoneyField(label="unit cost", help_text="In the supplier's currency.")


class SupplierForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Who sells to the shop."""

    class Meta:
        help_texts = {
            "code": "Short and lasting, as acme.",
            "email": "Purchase orders are mailed there.",
            "currency": "What its prices are in: three letters, as EUR.",
            "lead_time_days": "From sending an order until the goods are here.",
            "lead_time_spread_days": "How much that varies (standard deviation): more of it, more safety stock.",
            "active": "Nothing is proposed to be bought of one that is not.",
        }


class TermInline(SkuColumns, TabularInline):  # type: ignore[misc]  # unfold is untyped
    hide_title = True
    find_skus = staticmethod(find_skus)
    model = SupplierTerm
    form = TermForm
    formset = MoneyFormSet
    fields = (
        "sku_id",
        "title",
        "supplier_sku",
        "unit_cost_minor",
        "minimum_units",
        "pack_units",
        "preferred",
    )
    readonly_fields = ("title",)
    extra = 0
    verbose_name = "term"


@admin.register(Supplier)
class SupplierAdmin(SkuInlinesAdmin):
    list_display = (
        "code",
        "name",
        "email",
        "currency",
        "lead_time_days",
        "lead_time_spread_days",
        "active",
    )
    form = SupplierForm
    list_filter = ("active", "currency")
    search_fields = ("code", "name", "email")
    ordering = ("code",)
    exclude = ("created_at",)
    inlines: ClassVar = [TermInline]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
