"""What providers told, and what is still owed to customers."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.payments import services
from apps.payments.admin.looking import MovesMoney, link_to, outcome
from apps.payments.models import Reversal, WebhookEvent
from ecommerce.backoffice import viewer_in_admin
from ecommerce.clock import now


@admin.register(WebhookEvent)
class WebhookEventAdmin(MovesMoney, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Messages of providers, newest first; those that failed wait for someone to look."""

    list_display = ("received_at", "provider", "event_type", "state", "tries", "last_error")
    list_filter = ("state", "provider", "event_type", "received_at")
    search_fields = ("provider_event_id",)
    ordering = ("-received_at",)
    actions: ClassVar = ["retry"]

    @admin.action(description="Apply now", permissions=["move_money"])
    def retry(self, request: HttpRequest, webhooks: Any) -> None:
        def apply(webhook_id: UUID) -> str:
            viewer = viewer_in_admin(request)
            return outcome(services.retry_webhook(webhook_id=webhook_id, viewer=viewer, now=now()))

        self.each(request, webhooks, apply)


@admin.register(Reversal)
class ReversalAdmin(MovesMoney, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Money of orders that will not be, newest first; the stuck ones wait for someone to look."""

    list_display = (
        "created_at",
        "cause",
        "state",
        "tries",
        "last_error",
        "next_try_at",
        "done_at",
        "payment_id",
    )
    list_filter = ("state", "created_at")
    search_fields = ("payment_id",)
    ordering = ("-created_at",)
    fields = (
        "payment",
        "cause",
        "state",
        "tries",
        "last_error",
        "next_try_at",
        "created_at",
        "done_at",
    )
    readonly_fields = ("payment",)
    actions: ClassVar = ["retry"]

    @admin.display(description="Payment")
    def payment(self, reversal: Reversal) -> str:
        return link_to("payments_payment", reversal.payment_id)

    @admin.action(description="Give back now", permissions=["move_money"])
    def retry(self, request: HttpRequest, reversals: Any) -> None:
        def give_back(reversal_id: UUID) -> str:
            viewer = viewer_in_admin(request)
            return outcome(
                services.retry_reversal(reversal_id=reversal_id, viewer=viewer, now=now())
            )

        self.each(request, reversals, give_back)
