"""Warehouses in the admin: what they are asked, what they told, and where their stock is not ours."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from unfold.admin import TabularInline

from apps.inventory import services
from apps.inventory.admin.read_only import ReadOnly
from apps.inventory.admin.stepping import step_button, stepped
from apps.inventory.models import (
    StockComparison,
    StockDifference,
    WarehouseFile,
    WarehouseMessage,
    WarehouseTask,
    WarehouseTaskLine,
)
from ecommerce.clock import now


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
        "inbound",
        "reference",
        "last_error",
    )
    list_filter = ("status", "kind", "location", "pending")
    list_select_related = ("location", "inbound")
    search_fields = ("=id", "=order_id", "=reference")
    ordering = ("-created_at",)
    inlines: ClassVar = [_TaskLines]
    actions_detail: ClassVar = ["call_off"]
    show_full_result_count = False

    @step_button(
        "Call off",
        asks="Until the warehouse has agreed, the task goes on as it is.",
        permission="work",
    )
    def call_off(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """Until the warehouse has agreed, the task goes on as it is."""
        task = WarehouseTask.objects.get(id=object_id)
        return stepped(
            self,
            request,
            object_id,
            lambda: _done(
                "The warehouse is told.",
                services.cancel_task(task_id=task.id, reason=f"by {request.user.pk}", now=now()),
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

    @step_button(
        "Try again",
        asks="The message is applied again, also one that was given up.",
        permission="work",
    )
    def try_again(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """Also what was given up."""
        message = WarehouseMessage.objects.get(id=object_id)
        return stepped(
            self,
            request,
            object_id,
            lambda: _done(
                "It was tried again.", services.retry_message(message_id=message.id, now=now())
            ),
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

    @step_button(
        "Count what differs",
        asks="A count of what differs is opened, with the warehouse's numbers noted.",
        permission="work",
    )
    def count(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """With the warehouse's numbers noted; to be reviewed as any count."""
        row = StockComparison.objects.get(id=object_id)
        return stepped(
            self,
            request,
            object_id,
            lambda: _done(
                "A count is open.",
                services.count_differences(
                    comparison_id=row.id, actor=str(request.user.pk), now=now()
                ),
            ),
        )


def _done(told: str, _: object) -> str:
    """What to say once it is done."""
    return told
