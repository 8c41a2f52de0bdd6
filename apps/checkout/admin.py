"""Purchases and sagas for the back office: to look at, and two buttons."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.checkout import services
from apps.checkout.models import Checkout, Saga
from ecommerce import clock
from ecommerce.backoffice import viewer_in_admin
from ecommerce.errors import ShopError


class ReadOnly:
    """What is written by services is not typed in."""

    def has_add_permission(self, *_: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any) -> bool:
        return False


@admin.register(Checkout)
class CheckoutAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Purchases, newest first."""

    list_display = (
        "id",
        "status",
        "total_minor",
        "currency",
        "order_number",
        "attempt",
        "failure_code",
        "created_at",
    )
    list_filter = ("status", "currency", "channel", "failure_code", "created_at")
    search_fields = ("id", "order_number", "order_id", "cart_id", "email")
    ordering = ("-created_at", "-id")
    exclude = ("guest_token_hash", "payment_method")


@admin.register(Saga)
class SagaAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Sagas, the latest first: those that are stuck wait for someone to look."""

    list_display = (
        "id",
        "state",
        "step",
        "tries",
        "last_error",
        "order_id",
        "next_attempt_at",
        "created_at",
    )
    list_filter = ("state", "step", "created_at")
    search_fields = ("id", "order_id", "payment_id", "checkout__id")
    ordering = ("-created_at",)
    actions = ("retry", "compensate")

    @admin.action(description="Go on now")
    def retry(self, request: HttpRequest, chosen: "QuerySet[Saga]") -> None:
        self._each(request, chosen, services.retry_saga)

    @admin.action(description="Undo: give back stock, coupons and money")
    def compensate(self, request: HttpRequest, chosen: "QuerySet[Saga]") -> None:
        self._each(request, chosen, services.compensate_saga)

    def _each(
        self, request: HttpRequest, chosen: "QuerySet[Saga]", turn: Callable[..., Any]
    ) -> None:
        viewer = viewer_in_admin(request)
        for saga_id in list(chosen.values_list("id", flat=True)):
            try:
                done = turn(saga_id=saga_id, viewer=viewer, now=clock.now())
            except ShopError as refusal:
                self.message_user(request, f"{saga_id}: {refusal.detail}", messages.WARNING)
            else:
                self.message_user(request, f"{saga_id} is {done.state}", messages.SUCCESS)
