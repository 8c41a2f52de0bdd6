"""Lines and other costs on a purchase order's page: typed while it is a draft."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import TabularInline

from apps.catalog.services import find_skus
from apps.inventory.admin.typed import MoneyField, MoneyForm, MoneyFormSet, SkuField
from apps.inventory.models import (
    PurchaseCost,
    PurchaseOrder,
    PurchaseOrderLine,
)
from ecommerce.backoffice import SkuColumns, shown


def is_draft(order: Any) -> bool:
    return not isinstance(order, PurchaseOrder) or order.state == "DRAFT"


class WhileDraft:
    """What belongs to an order is edited as long as it is a draft."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_draft(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_draft(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_draft(obj)


class LineForm(MoneyForm):
    """A line as a buyer types it."""

    sku_id = SkuField()
    unit_cost_minor = MoneyField(label="unit cost", help_text="In the supplier's currency.")


class CostForm(MoneyForm):
    """Freight or duty, likewise."""

    amount_minor = MoneyField(label="amount", help_text="In the supplier's currency.")


class LineFormSet(MoneyFormSet):
    """Lines in the order in which they are typed."""

    def save_new(self, form: Any, commit: bool = True) -> Any:
        last = max(self.instance.lines.values_list("position", flat=True), default=0)
        form.instance.position = last + 1
        return super().save_new(form, commit)


class PurchaseLineInline(WhileDraft, SkuColumns, TabularInline):  # type: ignore[misc]  # unfold is untyped
    hide_title = True
    find_skus = staticmethod(find_skus)
    model = PurchaseOrderLine
    form = LineForm
    formset = LineFormSet
    verbose_name = "line"
    readonly_fields = ("sku", "title", "unit_cost", "received", "damaged", "cancelled")
    ordering = ("position",)
    extra = 0

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if is_draft(obj):
            return ("sku_id", "title", "ordered", "unit_cost_minor")
        return ("sku", "title", "ordered", "unit_cost", "received", "damaged", "cancelled")

    @admin.display(description="unit cost")
    def unit_cost(self, line: PurchaseOrderLine) -> str:
        return shown(line.unit_cost_minor, line.order.currency)


class CostInline(WhileDraft, TabularInline):  # type: ignore[misc]  # unfold is untyped
    hide_title = True
    model = PurchaseCost
    form = CostForm
    formset = MoneyFormSet
    verbose_name = "other cost"
    readonly_fields = ("amount",)
    extra = 0

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("kind", "amount_minor" if is_draft(obj) else "amount", "split")

    @admin.display(description="amount")
    def amount(self, cost: PurchaseCost) -> str:
        return shown(cost.amount_minor, cost.order.currency)
