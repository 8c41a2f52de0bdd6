"""Deliveries in the admin: unloaded, and where they differ settled."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.admin import TabularInline
from unfold.dataclasses import ActionDialog
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from apps.catalog.services import find_skus
from apps.inventory import services
from apps.inventory.admin.read_only import ReadOnly
from apps.inventory.models import Discrepancy, Inbound, InboundLine
from apps.inventory.types import ArrivedItem, ReceiveInbound, SettleDiscrepancy
from ecommerce.backoffice import SkuColumns, SkuInlinesAdmin, shown
from ecommerce.clock import now
from ecommerce.dimensions import CURRENCY
from ecommerce.errors import ShopError
from ecommerce.ids import new_id


class ReceiveForm(BaseDialogForm):  # type: ignore[misc]  # unfold is untyped
    """Good and broken units per line, what is still to come being filled in."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=100)
    final = forms.BooleanField(
        required=False,
        label="Nothing more will come",
        widget=UnfoldBooleanWidget(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = str(new_id())
        self.skus = list(
            InboundLine.objects.filter(inbound_id=self.object_id)
            .order_by("sku_id")
            .values_list("sku_id", "expected", "received", "damaged")
        )
        named = find_skus(ids={sku for sku, *_ in self.skus})
        for sku_id, expected, received, damaged in self.skus:
            code = named[sku_id].code if sku_id in named else str(sku_id)
            open_units = max(0, expected - received - damaged)
            for kind, initial in (("good", open_units), ("broken", 0)):
                self.fields[f"{kind}_{sku_id}"] = forms.IntegerField(
                    min_value=0,
                    max_value=1_000_000_000,
                    initial=initial,
                    label=f"{code}: {kind}",
                    widget=UnfoldAdminIntegerFieldWidget(),
                )

    @property
    def items(self) -> tuple[ArrivedItem, ...]:
        """What was told to have come."""
        told = self.cleaned_data
        return tuple(
            ArrivedItem(
                sku_id=sku_id, received=told[f"good_{sku_id}"], damaged=told[f"broken_{sku_id}"]
            )
            for sku_id, *_ in self.skus
        )


class CreditForm(BaseDialogForm):  # type: ignore[misc]  # likewise
    """What the supplier gives back."""

    credit_minor = forms.IntegerField(
        min_value=1, label=f"minor units of {CURRENCY}", widget=UnfoldAdminIntegerFieldWidget()
    )
    note = forms.CharField(max_length=200, required=False, widget=UnfoldAdminTextInputWidget())


class RecountForm(BaseDialogForm):  # type: ignore[misc]  # likewise
    """How many units differ in truth."""

    counted = forms.IntegerField(
        min_value=0, max_value=1_000_000_000, widget=UnfoldAdminIntegerFieldWidget()
    )
    note = forms.CharField(max_length=200, required=False, widget=UnfoldAdminTextInputWidget())


class InboundLineInline(SkuColumns, TabularInline):  # type: ignore[misc]  # likewise
    find_skus = staticmethod(find_skus)
    model = InboundLine
    fields = ("sku", "title", "expected", "received", "damaged", "differences")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> "QuerySet[InboundLine]":
        rows: QuerySet[InboundLine] = super().get_queryset(request)
        return rows.prefetch_related("discrepancies")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="differences")
    def differences(self, line: InboundLine) -> str:
        found = [f"{d.kind} {d.units} ({d.state})" for d in line.discrepancies.all()]
        return ", ".join(found) or "–"


@admin.register(Inbound)
class InboundAdmin(SkuInlinesAdmin, ReadOnly):
    list_display = (
        "number",
        "order",
        "supplier",
        "location",
        "reference",
        "state",
        "expected_at",
        "created_at",
    )
    list_filter = ("state", "location", "supplier", "created_at")
    list_select_related = ("order", "supplier", "location")
    search_fields = ("number", "reference", "order__number")
    ordering = ("-created_at",)
    inlines: ClassVar = [InboundLineInline]
    actions_detail: ClassVar = ["receive"]
    show_full_result_count = False

    def has_receive_permission(self, request: HttpRequest, *_: Any) -> bool:
        """Whoever may change deliveries, though not by hand."""
        return request.user.has_perm("inventory.change_inbound")

    @action(  # type: ignore[untyped-decorator]  # unfold is untyped
        description="Receive",
        permissions=["receive"],
        dialog=ActionDialog(
            title="Receive",
            description="Good units go on hand; what differs from what was expected is noted.",
            form_class=ReceiveForm,
            form_submit_text="Receive",
        ),
    )
    def receive(self, request: HttpRequest, form: ReceiveForm, object_id: str) -> HttpResponse:
        """The service books it, or says why not."""
        moment = now()
        command = ReceiveInbound(
            inbound_id=UUID(object_id),
            key=form.cleaned_data["key"],
            items=form.items,
            occurred_at=moment,
            final=form.cleaned_data["final"],
            actor=str(request.user.pk),
        )
        try:
            came = services.receive_inbound(command, now=moment)
        except ShopError as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
        else:
            waiting = sum(found.state == "OPEN" for found in came.discrepancies)
            told = f"{came.number} is {came.state}, {waiting} differences to settle."
            self.message_user(request, told, messages.WARNING if waiting else messages.SUCCESS)
        url = reverse("admin:inventory_inbound_change", args=[object_id])
        return HttpResponse(headers={"HX-Redirect": url})


@admin.register(Discrepancy)
class DiscrepancyAdmin(SkuColumns, ReadOnly):
    find_skus = staticmethod(find_skus)
    list_display = (
        "inbound",
        "sku",
        "title",
        "kind",
        "units",
        "cost",
        "credit",
        "state",
        "note",
        "created_at",
    )
    list_filter = ("state", "kind", "created_at")
    list_select_related = ("line__inbound",)
    search_fields = ("line__inbound__number",)
    ordering = ("-created_at",)
    readonly_fields = ("inbound", "sku", "title", "cost", "credit")
    fields = ("inbound", "sku", "title", "kind", "units", "cost", "credit", "state", "note")
    actions: ClassVar = ["accept"]
    actions_detail: ClassVar = ["credit_it", "recount"]
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

    def has_settle_permission(self, request: HttpRequest, *_: Any) -> bool:
        """Whoever may change differences, though not by hand."""
        return request.user.has_perm("inventory.change_discrepancy")

    @admin.display(description="delivery")
    def inbound(self, row: Discrepancy) -> str:
        return row.line.inbound.number

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
            told = f"{row.kind} {row.units} is {row.state}"
            self.message_user(request, told, messages.SUCCESS)


def _accepted(row_id: UUID, request: HttpRequest) -> SettleDiscrepancy:
    return SettleDiscrepancy(discrepancy_id=row_id, how="accept", actor=str(request.user.pk))
