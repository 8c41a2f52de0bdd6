"""Payments in the admin: read, and moved on through the services."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from apps.payments import services
from apps.payments.domain.attempts import reversal_id
from apps.payments.models import (
    Attempt,
    JournalEntry,
    JournalLine,
    LedgerAccount,
    Payment,
    Reversal,
    WebhookEvent,
)
from ecommerce.backoffice import viewer_in_admin
from ecommerce.clock import now
from ecommerce.errors import ShopError
from ecommerce.identity import Viewer


class _ReadOnly:
    """To be looked at only."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class _MovesMoney(_ReadOnly):
    """Not typed in either, but moved on by buttons."""

    def has_move_money_permission(self, request: HttpRequest) -> bool:
        """Whoever may change payments, though not by hand."""
        return request.user.has_perm("payments.change_payment")

    def _each(self, request: HttpRequest, rows: Any, act: Callable[[UUID], str]) -> None:
        for row_id in list(rows.values_list("id", flat=True)):
            try:
                messages.success(request, f"{row_id}: {act(row_id)}")
            except ShopError as refusal:
                messages.error(request, f"{row_id}: {refusal.detail}")


def _said(through: bool) -> str:
    return "through" if through else "not yet: it is tried again by itself"


class AttemptInline(_ReadOnly, TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = Attempt
    extra = 0
    fields = ("created_at", "operation", "amount", "status", "gateway_reference", "decline_code")


@admin.register(Payment)
class PaymentAdmin(_MovesMoney, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    list_display = (
        "created_at",
        "order_id",
        "status",
        "amount",
        "captured",
        "refunded",
        "currency",
        "provider",
        "decline_code",
    )
    list_filter = ("status", "provider", "currency", "merchant", "created_at")
    search_fields = ("id", "order_id", "gateway_reference")
    ordering = ("-created_at",)
    inlines: ClassVar = [AttemptInline]
    actions: ClassVar = ["capture", "void", "refund"]

    @admin.action(description="Capture all that is authorized", permissions=["move_money"])
    def capture(self, request: HttpRequest, payments: Any) -> None:
        self._each(
            request,
            payments,
            lambda one: (
                services.capture(payment_id=one, now=now(), viewer=viewer_in_admin(request)).status
            ),
        )

    @admin.action(description="Void", permissions=["move_money"])
    def void(self, request: HttpRequest, payments: Any) -> None:
        self._each(
            request,
            payments,
            lambda one: (
                services.void(payment_id=one, now=now(), viewer=viewer_in_admin(request)).status
            ),
        )

    @admin.action(description="Refund all that is left", permissions=["move_money"])
    def refund(self, request: HttpRequest, payments: Any) -> None:
        self._each(request, payments, partial(_refund, viewer=viewer_in_admin(request)))


def _refund(payment_id: UUID, *, viewer: Viewer) -> str:
    refund = services.refund(
        payment_id=payment_id,
        refund_id=reversal_id(payment_id, 0),
        amount=None,
        reason="refunded in the admin",
        now=now(),
        viewer=viewer,
    )
    return f"refund {refund.status}"


@admin.register(Attempt)
class AttemptAdmin(_MovesMoney, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    list_display = (
        "created_at",
        "payment",
        "operation",
        "amount",
        "status",
        "tries",
        "asked_at",
        "decline_code",
    )
    list_filter = ("status", "operation", "created_at")
    list_select_related = ("payment",)
    search_fields = ("id", "payment__id", "payment__order_id", "gateway_reference")
    ordering = ("-created_at",)
    actions: ClassVar = ["retry"]

    @admin.action(description="Ask the gateway again now", permissions=["move_money"])
    def retry(self, request: HttpRequest, attempts: Any) -> None:
        def ask(attempt_id: UUID) -> str:
            return _said(
                services.retry_attempt(
                    attempt_id=attempt_id, viewer=viewer_in_admin(request), now=now()
                )
            )

        self._each(request, attempts, ask)


class JournalLineInline(_ReadOnly, TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = JournalLine
    extra = 0
    fields = ("account", "currency", "debit", "credit")


@admin.register(JournalEntry)
class JournalEntryAdmin(_ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    list_display = ("created_at", "kind", "reference", "payment_id", "order_id", "merchant")
    list_filter = ("kind", "merchant", "created_at")
    search_fields = ("reference", "payment_id", "order_id")
    ordering = ("-created_at",)
    inlines: ClassVar = [JournalLineInline]


@admin.register(LedgerAccount)
class LedgerAccountAdmin(_ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    list_display = ("code", "kind")


@admin.register(WebhookEvent)
class WebhookEventAdmin(_MovesMoney, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    list_display = ("received_at", "provider", "event_type", "state", "tries", "last_error")
    list_filter = ("state", "provider", "event_type", "received_at")
    search_fields = ("provider_event_id",)
    ordering = ("-received_at",)
    actions: ClassVar = ["retry"]

    @admin.action(description="Apply now", permissions=["move_money"])
    def retry(self, request: HttpRequest, webhooks: Any) -> None:
        def apply(webhook_id: UUID) -> str:
            return _said(
                services.retry_webhook(
                    webhook_id=webhook_id, viewer=viewer_in_admin(request), now=now()
                )
            )

        self._each(request, webhooks, apply)


@admin.register(Reversal)
class ReversalAdmin(_MovesMoney, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    list_display = (
        "created_at",
        "payment_id",
        "cause",
        "state",
        "tries",
        "last_error",
        "next_try_at",
        "done_at",
    )
    list_filter = ("state", "created_at")
    search_fields = ("payment_id",)
    ordering = ("-created_at",)
    actions: ClassVar = ["retry"]

    @admin.action(description="Give back now", permissions=["move_money"])
    def retry(self, request: HttpRequest, reversals: Any) -> None:
        def give_back(reversal_id: UUID) -> str:
            return _said(
                services.retry_reversal(
                    reversal_id=reversal_id, viewer=viewer_in_admin(request), now=now()
                )
            )

        self._each(request, reversals, give_back)
