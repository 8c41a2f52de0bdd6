"""Warehouses in the admin: what they are asked, what they told, and where their stock is not ours."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.admin import TabularInline
from unfold.decorators import action

from apps.inventory import services
from apps.inventory.admin.read_only import ReadOnly
from apps.inventory.models import (
    StockComparison,
    StockDifference,
    WarehouseFile,
    WarehouseMessage,
    WarehouseTask,
    WarehouseTaskLine,
)
from ecommerce.clock import now
from ecommerce.errors import ShopError


class _Lines(TabularInline):  # type: ignore[misc]  # unfold is untyped
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class _TaskLines(_Lines):
    model = WarehouseTaskLine
    fields = ("sku_id", "quantity", "done", "damaged", "lots")


class _Differences(_Lines):
    model = StockDifference
    fields = ("sku_id", "ours", "theirs", "staged")
    per_page = 100


class _Office(ReadOnly):
    """What may be done about a row is done by a service."""

    def has_work_permission(self, request: HttpRequest, *_: Any) -> bool:
        """Whoever may change stock, though not by hand."""
        return request.user.has_perm("inventory.change_stocklevel")

    def work(self, request: HttpRequest, object_id: str, done: str, command: Any) -> HttpResponse:
        """Do it, or say why not."""
        try:
            command()
        except ShopError as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
        else:
            self.message_user(request, done, messages.SUCCESS)
        name = self.model._meta.model_name
        return redirect(reverse(f"admin:inventory_{name}_change", args=[object_id]))


@admin.register(WarehouseTask)
class WarehouseTaskAdmin(_Office):
    list_display = (
        "created_at",
        "id",
        "location",
        "kind",
        "status",
        "pending",
        "tries",
        "order_id",
        "reference",
        "last_error",
    )
    list_filter = ("status", "kind", "location", "pending")
    list_select_related = ("location",)
    search_fields = ("=id", "=order_id", "=reference")
    ordering = ("-created_at",)
    inlines: ClassVar = [_TaskLines]
    actions_detail: ClassVar = ["call_off"]
    show_full_result_count = False

    @action(description="Call off", permissions=["work"])  # type: ignore[untyped-decorator]  # unfold is untyped
    def call_off(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Until the warehouse has agreed, the task goes on as it is."""
        task = WarehouseTask.objects.get(id=object_id)
        return self.work(
            request,
            object_id,
            "The warehouse is told.",
            lambda: services.cancel_task(
                task_id=task.id, reason=f"by {request.user.pk}", now=now()
            ),
        )


@admin.register(WarehouseMessage)
class WarehouseMessageAdmin(_Office):
    list_display = (
        "received_at",
        "location",
        "task_id",
        "sequence",
        "state",
        "tries",
        "last_error",
    )
    list_filter = ("state", "location")
    list_select_related = ("location",)
    search_fields = ("=task_id", "=event_id")
    ordering = ("-received_at",)
    actions_detail: ClassVar = ["try_again"]
    show_full_result_count = False

    @action(description="Try again", permissions=["work"])  # type: ignore[untyped-decorator]  # unfold is untyped
    def try_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Also what was given up."""
        message = WarehouseMessage.objects.get(id=object_id)
        return self.work(
            request,
            object_id,
            "It was tried again.",
            lambda: services.retry_message(message_id=message.id, now=now()),
        )


@admin.register(WarehouseFile)
class WarehouseFileAdmin(ReadOnly):
    list_display = ("read_at", "location", "name", "kind", "rows", "problems")
    list_filter = ("kind", "location")
    list_select_related = ("location",)
    search_fields = ("=name",)
    ordering = ("-read_at",)
    show_full_result_count = False


@admin.register(StockComparison)
class StockComparisonAdmin(_Office):
    list_display = (
        "compared_at",
        "location",
        "skus",
        "differing",
        "moving",
        "error",
        "count_id",
    )
    list_filter = ("location",)
    list_select_related = ("location",)
    ordering = ("-compared_at",)
    inlines: ClassVar = [_Differences]
    actions_detail: ClassVar = ["count"]
    show_full_result_count = False

    @action(description="Count what differs", permissions=["work"])  # type: ignore[untyped-decorator]  # unfold is untyped
    def count(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """With the warehouse's numbers noted; to be reviewed as any count."""
        row = StockComparison.objects.get(id=object_id)
        return self.work(
            request,
            object_id,
            "A count is open.",
            lambda: services.count_differences(
                comparison_id=row.id, actor=str(request.user.pk), now=now()
            ),
        )
