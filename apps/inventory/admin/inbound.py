"""Deliveries in the admin: what came is told, and what differed leads to where it is settled."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.admin import TabularInline
from unfold.dataclasses import ActionDialog
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldBooleanWidget,
)

from apps.catalog.services import find_skus
from apps.inventory import services
from apps.inventory.admin.read_only import ReadOnly
from apps.inventory.admin.stepping import is_among
from apps.inventory.models import Inbound, InboundLine
from apps.inventory.types import ArrivedItem, ReceiveInbound
from ecommerce.backoffice import SkuColumns, SkuInlinesAdmin
from ecommerce.clock import now
from ecommerce.errors import ShopError
from ecommerce.ids import new_id
from ecommerce.operations.worklist import WaitingFilter


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
        self.order_fields([name for name in self.fields if name != "final"])

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


class InboundLineInline(SkuColumns, TabularInline):  # type: ignore[misc]  # likewise
    hide_title = True
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
    def differences(self, line: InboundLine) -> SafeString | str:
        """Each leads to the page where it is settled."""
        page = "admin:inventory_discrepancy_change"
        found = [
            (reverse(page, args=[d.id]), d.units, d.kind, d.state) for d in line.discrepancies.all()
        ]
        return format_html_join(", ", '<a class="underline" href="{}">{} {} ({})</a>', found) or "–"


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
    list_filter = (WaitingFilter, "state", "location", "supplier", "created_at")
    list_select_related = ("order", "supplier", "location")
    search_fields = ("number", "reference", "order__number")
    ordering = ("-created_at",)
    fields = (
        ("number", "state"),
        ("order", "supplier"),
        ("location", "reference"),
        ("expected_at", "called_off_at"),
        "created_at",
    )
    inlines: ClassVar = [InboundLineInline]
    actions_detail: ClassVar = ["receive"]
    show_full_result_count = False

    def has_receive_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whoever may change deliveries, though not by hand; one, while something may come."""
        if not request.user.has_perm("inventory.change_inbound"):
            return False
        waiting = ("EXPECTED", "PARTIALLY_RECEIVED")
        return is_among(Inbound.objects.filter(state__in=waiting), object_id)

    @action(  # type: ignore[untyped-decorator]  # unfold is untyped
        description="Receive",
        permissions=["receive"],
        variant=ActionVariant.PRIMARY,
        dialog=ActionDialog(
            title="Receive",
            description="Good units go on hand, broken ones among what is damaged; what differs is noted.",
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
            left = f"{waiting} to settle below" if waiting else "nothing to settle"
            told = f"{came.number} is {came.state} now, {left}."
            self.message_user(request, told, messages.WARNING if waiting else messages.SUCCESS)
        url = reverse("admin:inventory_inbound_change", args=[object_id])
        return HttpResponse(headers={"HX-Redirect": url})
