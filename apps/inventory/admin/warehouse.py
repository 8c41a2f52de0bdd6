"""Warehouses in the admin: what they are asked, what they told, and where their stock is not ours."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from unfold.admin import TabularInline

from apps.catalog.services import find_skus
from apps.inventory import services
from apps.inventory.admin.columns import link, order_column
from apps.inventory.admin.read_only import ReadOnly
from apps.inventory.admin.stepping import is_among, step_button, stepped
from apps.inventory.models import (
    StockComparison,
    StockDifference,
    WarehouseFile,
    WarehouseMessage,
    WarehouseTask,
    WarehouseTaskLine,
)
from ecommerce.backoffice import SkuColumns, SkuInlinesAdmin
from ecommerce.clock import now
from ecommerce.operations.worklist import WaitingFilter


class _Lines(SkuColumns, TabularInline):  # type: ignore[misc]  # unfold is untyped
    hide_title = True
    find_skus = staticmethod(find_skus)
    readonly_fields = ("sku", "title")
    ordering = ("id",)
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class _TaskLines(_Lines):
    model = WarehouseTaskLine
    fields = ("sku", "title", "quantity", "done", "damaged", "lots")


class _Differences(_Lines):
    model = StockDifference
    fields = ("sku", "title", "ours", "theirs", "staged")
    per_page = 100


class _Office(SkuInlinesAdmin, ReadOnly):
    """What may be done about a row is done by a service."""

    def has_work_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whoever may change such rows, though not by hand."""
        may = self.has_operate_permission(request)
        return may and is_among(self.model._default_manager.all(), object_id)


@admin.register(WarehouseTask)
class WarehouseTaskAdmin(_Office):
    list_display = (
        "created_at",
        "place",
        "kind",
        "status",
        "pending",
        "tries",
        "order",
        "inbound",
        "reference",
        "last_error",
    )
    fields = (
        ("location", "kind"),
        ("status", "pending"),
        ("order", "inbound", "reference"),
        ("tries", "next_try_at"),
        "last_error",
        ("created_at", "closed_at"),
    )
    readonly_fields = ("order",)
    list_filter = (WaitingFilter, "status", "kind", "location", "pending")
    list_select_related = ("location", "inbound")
    search_fields = ("=id", "=order_id", "=reference")
    ordering = ("-created_at",)
    inlines: ClassVar = [_TaskLines]
    actions_detail: ClassVar = ["call_off"]
    show_full_result_count = False
    order = order_column()

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
        "place",
        "task",
        "sequence",
        "state",
        "tries",
        "last_error",
    )
    exclude = ("task_id",)
    readonly_fields = ("task",)
    list_filter = (WaitingFilter, "state", "location")
    list_select_related = ("location",)
    search_fields = ("=task_id", "=event_id")
    ordering = ("-received_at",)
    actions_detail: ClassVar = ["try_again"]
    show_full_result_count = False

    @admin.display(description="task", ordering="task_id")
    def task(self, row: WarehouseMessage) -> SafeString:
        return link("inventory_warehousetask", row.task_id)

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
        "place",
        "skus",
        "differing",
        "moving",
        "error",
        "its_count",
    )
    exclude = ("count_id",)
    readonly_fields = ("its_count",)
    list_filter = ("location",)
    list_select_related = ("location",)
    ordering = ("-compared_at",)
    inlines: ClassVar = [_Differences]
    actions_detail: ClassVar = ["count"]
    show_full_result_count = False

    @admin.display(description="count", ordering="count_id")
    def its_count(self, row: StockComparison) -> SafeString | str:
        return link("inventory_countsession", row.count_id, "its count") if row.count_id else "–"

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
