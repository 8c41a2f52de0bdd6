"""How deliveries differed, in the admin: each difference is settled."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.dataclasses import ActionDialog
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from apps.catalog.services import find_skus
from apps.inventory import services
from apps.inventory.admin.columns import link
from apps.inventory.admin.read_only import ReadOnly
from apps.inventory.admin.stepping import is_among, step_button
from apps.inventory.admin.typed import MoneyField
from apps.inventory.models import Discrepancy
from apps.inventory.types import SettleDiscrepancy
from ecommerce.backoffice import SkuColumns, shown
from ecommerce.clock import now
from ecommerce.dimensions import CURRENCY
from ecommerce.errors import ShopError
from ecommerce.operations.worklist import WaitingFilter

_BECOMES = (
    ("", "as usual: scrapped if accepted, sent back if credited"),
    ("scrap", "scrapped"),
    ("return", "sent back to the supplier"),
    ("keep", "kept among what is damaged"),
)


class AcceptForm(BaseDialogForm):  # type: ignore[misc]  # likewise
    """What becomes of broken units."""

    disposal = forms.ChoiceField(
        choices=_BECOMES, required=False, label="broken units are", widget=UnfoldAdminSelectWidget()
    )
    note = forms.CharField(max_length=200, required=False, widget=UnfoldAdminTextInputWidget())


class CreditForm(AcceptForm):
    """What the supplier gives back."""

    credit_minor = MoneyField(label=f"credit in {CURRENCY}")
    field_order = ("credit_minor", "disposal", "note")


class RecountForm(BaseDialogForm):  # type: ignore[misc]  # likewise
    """How many units differ in truth."""

    counted = forms.IntegerField(
        min_value=0, max_value=1_000_000_000, widget=UnfoldAdminIntegerFieldWidget()
    )
    note = forms.CharField(max_length=200, required=False, widget=UnfoldAdminTextInputWidget())


@admin.register(Discrepancy)
class DiscrepancyAdmin(SkuColumns, ReadOnly):
    find_skus = staticmethod(find_skus)
    list_display = (
        "sku",
        "title",
        "inbound",
        "kind",
        "units",
        "cost",
        "credit",
        "state",
        "note",
        "created_at",
    )
    list_filter = (WaitingFilter, "state", "kind", "created_at")
    list_select_related = ("line__inbound",)
    search_fields = ("line__inbound__number",)
    ordering = ("-created_at",)
    readonly_fields = ("inbound", "sku", "title", "cost", "credit")
    fields = (
        "inbound",
        "sku",
        "title",
        "kind",
        "units",
        "cost",
        "credit",
        "state",
        "disposal",
        "note",
    )
    actions: ClassVar = ["accept"]
    actions_detail: ClassVar = ["accept_it", "credit_it", "recount"]
    show_full_result_count = False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changes = super().get_changelist_instance(request)
        changes.result_list = list(changes.result_list)
        for row in changes.result_list:
            row.sku_id = row.line.sku_id
        self.name_skus(changes.result_list)
        return changes

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            row.sku_id = row.line.sku_id
        return row

    def has_settle_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whoever may change differences, though not by hand; one, as long as it is open."""
        if not request.user.has_perm("inventory.change_discrepancy"):
            return False
        return is_among(Discrepancy.objects.filter(state="OPEN"), object_id)

    @admin.display(description="SKU", ordering="line__sku_id")
    def sku(self, row: Discrepancy) -> str:
        return super().sku(row)

    @admin.display(description="delivery")
    def inbound(self, row: Discrepancy) -> SafeString:
        delivery = row.line.inbound
        return link("inventory_inbound", delivery.id, delivery.number)

    @admin.display(description="cost", ordering="cost_minor")
    def cost(self, row: Discrepancy) -> str:
        return shown(row.cost_minor, CURRENCY)

    @admin.display(description="credit", ordering="credit_minor")
    def credit(self, row: Discrepancy) -> str:
        return shown(row.credit_minor, CURRENCY)

    @admin.action(description="Accept: it is so", permissions=["settle"])
    def accept(self, request: HttpRequest, chosen: "QuerySet[Discrepancy]") -> None:
        for row_id in list(chosen.values_list("id", flat=True)):
            self._settle(request, _accepted(row_id, request))

    @step_button(
        "Accept",
        asks="It is so: what is missing is not expected any more, what is broken is the shop's loss.",
        permission="settle",
        form_class=AcceptForm,
    )
    def accept_it(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """The service does it, or says why not."""
        return self._from_dialog(request, form, object_id, how="accept")

    @action(  # type: ignore[untyped-decorator]  # unfold is untyped
        description="Credit",
        permissions=["settle"],
        dialog=ActionDialog(
            title="The supplier gives money back",
            description="Of units that came beyond, their cost goes down by it.",
            form_class=CreditForm,
            form_submit_text="Credit",
        ),
    )
    def credit_it(self, request: HttpRequest, form: CreditForm, object_id: str) -> HttpResponse:
        """The service does it, or says why not."""
        return self._from_dialog(request, form, object_id, how="credit")

    @action(  # type: ignore[untyped-decorator]  # likewise
        description="Recount",
        permissions=["settle"],
        dialog=ActionDialog(
            title="Counted again",
            description="How many units differ in truth: nought where none do.",
            form_class=RecountForm,
            form_submit_text="Put right",
        ),
    )
    def recount(self, request: HttpRequest, form: RecountForm, object_id: str) -> HttpResponse:
        """Likewise."""
        return self._from_dialog(request, form, object_id, how="recount")

    def _from_dialog(
        self, request: HttpRequest, form: Any, object_id: str, *, how: Any
    ) -> HttpResponse:
        told = {k: v for k, v in form.cleaned_data.items() if k != "_form_submitted"}
        command = SettleDiscrepancy(
            discrepancy_id=UUID(object_id), how=how, actor=str(request.user.pk), **told
        )
        self._settle(request, command)
        url = reverse("admin:inventory_discrepancy_change", args=[object_id])
        return HttpResponse(headers={"HX-Redirect": url})

    def _settle(self, request: HttpRequest, command: SettleDiscrepancy) -> None:
        try:
            row = services.settle_discrepancy(command, now=now())
        except ShopError as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
        else:
            told = f"{row.units} {row.kind}: {row.state} now."
            self.message_user(request, told, messages.SUCCESS)


def _accepted(row_id: UUID, request: HttpRequest) -> SettleDiscrepancy:
    return SettleDiscrepancy(discrepancy_id=row_id, how="accept", actor=str(request.user.pk))
