"""Buying in the admin: drafts are edited, every step is a service's."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.enums import ActionVariant

from apps.inventory import services
from apps.inventory.admin.order_lines import CostInline, PurchaseLineInline, is_draft
from apps.inventory.admin.stepping import is_among, step_button, stepped
from apps.inventory.models import (
    PurchaseOrder,
)
from apps.inventory.queries.purchasing import next_number
from apps.inventory.types import AnnounceInbound
from ecommerce.backoffice import SkuInlinesAdmin, people, shown, viewer_in_admin
from ecommerce.clock import now
from ecommerce.dimensions import CURRENCY
from ecommerce.errors import ShopError
from ecommerce.operations.worklist import WaitingFilter


class OrderForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """The head of an order."""

    class Meta:
        help_texts = {
            "exchange_rate": f"{CURRENCY} for one of the supplier's currency; 1 where it is {CURRENCY}.",
            "expected_on": "The day on which the goods should come.",
        }


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(SkuInlinesAdmin):
    form = OrderForm
    list_display = (
        "number",
        "supplier",
        "location",
        "state",
        "goods",
        "expected_on",
        "created_at",
        "sent_at",
    )
    list_filter = (WaitingFilter, "state", "supplier", "location", "created_at")
    list_select_related = ("supplier", "location")
    search_fields = ("number", "supplier__code", "supplier__name")
    ordering = ("-created_at",)
    fields = (
        ("number", "state"),
        ("supplier", "location"),
        ("expected_on", "exchange_rate"),
        "note",
        ("written_by", "approval"),
        ("sent_at", "mailed"),
        ("closed_at", "reason"),
    )
    readonly_fields = (
        "number",
        "state",
        "written_by",
        "approval",
        "sent_at",
        "mailed",
        "closed_at",
        "reason",
    )
    inlines: ClassVar = [PurchaseLineInline, CostInline]
    actions: ClassVar = ["approve", "send", "send_by_hand", "announce", "cancel", "close"]
    actions_detail: ClassVar = [
        "approve_it",
        "send_it",
        "send_it_by_hand",
        "announce_it",
        "close_it",
        "cancel_it",
    ]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> "QuerySet[PurchaseOrder]":
        rows: QuerySet[PurchaseOrder] = super().get_queryset(request)
        return rows.select_related("mail").prefetch_related("lines")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """From its approval on it is only looked at, and taken further."""
        return is_draft(obj) and bool(super().has_change_permission(request, obj))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.number = next_number("PO")
            obj.author = str(request.user.pk)
        else:
            obj.version += 1
        obj.currency = obj.supplier.currency
        super().save_model(request, obj, form, change)

    @admin.display(description="goods")
    def goods(self, order: PurchaseOrder) -> str:
        total = sum(line.ordered * line.unit_cost_minor for line in order.lines.all())
        return shown(total, order.currency)

    @admin.display(description="written by")
    def written_by(self, order: PurchaseOrder) -> str:
        return people([order.author])[order.author] or "–"

    @admin.display(description="approved by")
    def approval(self, order: PurchaseOrder) -> str:
        if order.approved_at is None:
            return "–"
        return (
            f"{people([order.approved_by])[order.approved_by]}, {order.approved_at:%Y-%m-%d %H:%M}"
        )

    @admin.display(description="mailed")
    def mailed(self, order: PurchaseOrder) -> str:
        mail = getattr(order, "mail", None)
        if mail is None:
            return "–"
        if mail.delivered_at:
            return f"to {mail.recipient}, {mail.delivered_at:%Y-%m-%d %H:%M}"
        failed = f" ({mail.attempts} attempts: {mail.error})" if mail.attempts else ""
        return f"to {mail.recipient}: on its way{failed}"

    @admin.action(description="Approve", permissions=["approve"])
    def approve(self, request: HttpRequest, chosen: "QuerySet[PurchaseOrder]") -> None:
        self._each(request, chosen, services.approve_purchase_order)

    @admin.action(description="Send by mail", permissions=["send"])
    def send(self, request: HttpRequest, chosen: "QuerySet[PurchaseOrder]") -> None:
        self._each(request, chosen, services.send_purchase_order)

    @admin.action(description="Mark as sent: the supplier was told otherwise", permissions=["send"])
    def send_by_hand(self, request: HttpRequest, chosen: "QuerySet[PurchaseOrder]") -> None:
        self._each(request, chosen, services.send_purchase_order, by_hand=True)

    @admin.action(description="Cancel", permissions=["cancel"])
    def cancel(self, request: HttpRequest, chosen: "QuerySet[PurchaseOrder]") -> None:
        self._each(request, chosen, services.cancel_purchase_order, reason="by the back office")

    @admin.action(description="Close short: nothing more will come", permissions=["receive"])
    def close(self, request: HttpRequest, chosen: "QuerySet[PurchaseOrder]") -> None:
        self._each(request, chosen, services.close_purchase_order, reason="by the back office")

    @admin.action(
        description="Receive: make a delivery of what is outstanding", permissions=["receive"]
    )
    def announce(self, request: HttpRequest, chosen: "QuerySet[PurchaseOrder]") -> None:
        for order_id, number in list(chosen.values_list("id", "number")):
            try:
                made = services.create_inbound(AnnounceInbound(order_id=order_id), now=now())
            except ShopError as refusal:
                self.message_user(request, f"{number}: {refusal.detail}", messages.WARNING)
            else:
                self.message_user(
                    request, f"{made.number} waits under Deliveries", messages.SUCCESS
                )

    @step_button(
        "Approve",
        asks="It can be sent to the supplier then, and not be changed any more.",
        permission="approve",
        variant=ActionVariant.PRIMARY,
    )
    def approve_it(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """A draft becomes an order."""
        return self._one(request, object_id, services.approve_purchase_order)

    @step_button(
        "Send by mail",
        asks="It is mailed to the supplier's address.",
        permission="send",
        variant=ActionVariant.PRIMARY,
    )
    def send_it(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """By mail."""
        return self._one(request, object_id, services.send_purchase_order)

    @step_button(
        "Mark as sent",
        asks="No mail is made: the supplier was told otherwise.",
        permission="send",
    )
    def send_it_by_hand(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """By telephone, say."""
        return self._one(request, object_id, services.send_purchase_order, by_hand=True)

    @step_button(
        "Announce a delivery",
        asks="Makes a delivery of all that is still to come; what really comes is told on its page.",
        permission="receive",
        variant=ActionVariant.PRIMARY,
    )
    def announce_it(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """The delivery's page is next."""
        try:
            made = services.create_inbound(AnnounceInbound(order_id=UUID(object_id)), now=now())
        except ShopError as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
            url = reverse("admin:inventory_purchaseorder_change", args=[object_id])
        else:
            told = f"{made.number} is announced. Receive it when it is here."
            self.message_user(request, told, messages.SUCCESS)
            url = reverse("admin:inventory_inbound_change", args=[made.id])
        return HttpResponse(headers={"HX-Redirect": url})

    @step_button(
        "Close short", asks="Nothing more will come: the rest is cancelled.", permission="receive"
    )
    def close_it(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """What has not come is cancelled."""
        return self._one(
            request, object_id, services.close_purchase_order, reason="by the back office"
        )

    @step_button(
        "Cancel the order",
        asks="It is called off, and what was announced of it, too.",
        permission="cancel",
        variant=ActionVariant.DANGER,
    )
    def cancel_it(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """As long as nothing of it has come."""
        return self._one(
            request, object_id, services.cancel_purchase_order, reason="by the back office"
        )

    def has_approve_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whoever may change orders; for one, while there is something to approve; the next ones likewise."""
        return self._may(request, object_id, "DRAFT")

    def has_send_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """While it waits to be sent."""
        return self._may(request, object_id, "APPROVED")

    def has_receive_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """While something may come."""
        return self._may(request, object_id, "SENT", "PARTIALLY_RECEIVED")

    def has_cancel_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """While nothing has come."""
        return self._may(request, object_id, "DRAFT", "APPROVED", "SENT")

    def _may(self, request: HttpRequest, object_id: str | None, *states: str) -> bool:
        if not request.user.has_perm("inventory.change_purchaseorder"):
            return False
        return is_among(PurchaseOrder.objects.filter(state__in=states), object_id)

    def _one(
        self, request: HttpRequest, object_id: str, step: Callable[..., Any], **more: Any
    ) -> HttpResponse:
        def take() -> str:
            viewer = viewer_in_admin(request)
            done = step(order_id=UUID(object_id), viewer=viewer, now=now(), **more)
            return f"{done.number} is {done.state} now."

        return stepped(self, request, object_id, take)

    def _each(
        self,
        request: HttpRequest,
        chosen: "QuerySet[PurchaseOrder]",
        step: Callable[..., Any],
        **more: Any,
    ) -> None:
        viewer = viewer_in_admin(request)
        for order_id, number in list(chosen.values_list("id", "number")):
            try:
                done = step(order_id=order_id, viewer=viewer, now=now(), **more)
            except ShopError as refusal:
                self.message_user(request, f"{number}: {refusal.detail}", messages.WARNING)
            else:
                self.message_user(request, f"{number} is {done.state}", messages.SUCCESS)
