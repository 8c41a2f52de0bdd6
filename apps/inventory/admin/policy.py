"""Policies and kits in the admin: said through the services, so that what is promised already still fits."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.catalog.services import find_skus
from apps.inventory import services
from apps.inventory.admin.columns import order_column
from apps.inventory.admin.read_only import ReadOnly
from apps.inventory.admin.typed import SkuField
from apps.inventory.models import Backorder, KitComponent, StockPolicy
from apps.inventory.types import Counting, SetPolicy
from ecommerce.backoffice import SkuAdmin, sku_column
from ecommerce.errors import ShopError
from ecommerce.identity import Viewer
from ecommerce.operations.worklist import WaitingFilter

SAID = (
    "oversell",
    "oversell_limit",
    "promised_at",
    "lead_days",
    "valid_from",
    "valid_until",
    "safety_buffer",
)


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Nonsense is refused in the form, by the same words as everywhere."""

    sku_id = SkuField()

    class Meta:
        model = StockPolicy
        fields = ("sku_id", *SAID)
        help_texts = {
            "oversell": "What happens when nothing is left: deny, sell on what will come (backorder),"
            " or sell before there is any (preorder).",
            "oversell_limit": "The most units that may be promised beyond the stock.",
            "promised_at": "When they should come; of a preorder, its day of release.",
            "lead_days": "Or: so many days from an order on.",
            "valid_from": "Empty: at once.",
            "valid_until": "From then on nothing is sold beyond the stock; empty: for good.",
            "safety_buffer": "Units that are never sold, against differences on the shelf.",
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("valid_from"), cleaned.get("valid_until")
        if begins and ends and ends <= begins:
            self.add_error("valid_until", "It ends before it begins.")
        if cleaned.get("oversell") == "preorder" and not cleaned.get("promised_at"):
            self.add_error("promised_at", "A preorder has a day of release.")
        if cleaned.get("oversell") != "deny" and (
            cleaned.get("oversell_limit", 0) < self.instance.backordered
        ):
            self.add_error(
                "oversell_limit", f"{self.instance.backordered} are backordered already."
            )
        return cleaned


@admin.register(StockPolicy)
class StockPolicyAdmin(SkuAdmin, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    find_skus = staticmethod(find_skus)
    form = PolicyForm
    list_display = (
        "sku",
        "title",
        "oversell",
        "oversell_limit",
        "backordered",
        "promised_at",
        "counting",
        "counting_automatic",
        "is_kit",
    )
    list_filter = ("oversell", "counting", "is_kit")
    search_fields = ("=sku_id",)
    readonly_fields = ("backordered", "counting", "is_kit")
    actions: ClassVar = ["count_plainly", "count_on_stripes", "count_behind_a_gate"]
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.readonly_fields, "sku_id") if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: StockPolicy, form: Any, change: bool) -> None:
        """The service locks the row, and says no where others promised more meanwhile."""
        said = {name: form.cleaned_data[name] for name in SAID}
        actor = Viewer(user_id=request.user.pk, roles=frozenset(getattr(request.user, "roles", ())))
        try:
            services.set_policy(SetPolicy(sku_id=obj.sku_id, **said), actor=actor)
        except ShopError as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)

    @admin.action(description="Count on one row (plain)", permissions=["change"])
    def count_plainly(self, request: HttpRequest, policies: QuerySet[StockPolicy]) -> None:
        self._count(request, policies, "plain")

    @admin.action(description="Count on stripes (hot)", permissions=["change"])
    def count_on_stripes(self, request: HttpRequest, policies: QuerySet[StockPolicy]) -> None:
        self._count(request, policies, "striped")

    @admin.action(description="Count on stripes behind a gate (flash sale)", permissions=["change"])
    def count_behind_a_gate(self, request: HttpRequest, policies: QuerySet[StockPolicy]) -> None:
        self._count(request, policies, "flash")

    def _count(self, request: HttpRequest, policies: QuerySet[StockPolicy], how: Counting) -> None:
        for sku_id in policies.values_list("sku_id", flat=True):
            services.set_counting(sku_id=sku_id, counting=how)
        self.message_user(request, f"{len(policies)} counted {how} now.", messages.SUCCESS)


@admin.register(KitComponent)
class KitComponentAdmin(SkuAdmin, ReadOnly):
    find_skus = staticmethod(find_skus)
    sku_fields = ("kit_sku_id", "component_sku_id")
    kit = sku_column("kit_sku_id", description="kit")
    component = sku_column("component_sku_id", description="component")
    list_display = ("kit", "component", "quantity")
    fields = readonly_fields = list_display
    search_fields = ("=kit_sku_id", "=component_sku_id")
    ordering = ("kit_sku_id", "component_sku_id")
    show_full_result_count = False


@admin.register(Backorder)
class BackorderAdmin(SkuAdmin, ReadOnly):
    find_skus = staticmethod(find_skus)
    list_display = ("sku", "title", "order", "quantity", "filled", "cancelled", "promised_at")
    list_filter = (WaitingFilter,)
    list_select_related = ("reservation",)
    readonly_fields = ("sku", "title", "order")
    fields = ("sku", "title", "order", "quantity", "filled", "cancelled", "promised_at")
    order = order_column("reservation__order_id")
    search_fields = ("=sku_id", "=reservation__order_id")
    ordering = ("id",)
    show_full_result_count = False
