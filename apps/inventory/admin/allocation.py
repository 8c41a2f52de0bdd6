"""Allocations and the rules of routing in the admin."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from unfold.admin import ModelAdmin, TabularInline

from apps.inventory.admin.read_only import ReadOnly
from apps.inventory.models import Allocation, RoutingPolicy, RoutingRule


class _Rules(TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = RoutingRule
    extra = 0


@admin.register(RoutingPolicy)
class RoutingPolicyAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    list_display = (
        "__str__",
        "objective",
        "own_country_first",
        "most_parcels",
        "active",
        "version",
    )
    readonly_fields = ("id", "version")
    inlines: ClassVar = [_Rules]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Decisions name the version that they were made by; a rule is a part of it."""
        super().save_related(request, form, formsets, change)
        if change:
            RoutingPolicy.objects.filter(id=form.instance.id).update(version=F("version") + 1)


@admin.register(Allocation)
class AllocationAdmin(ReadOnly):
    list_display = ("created_at", "order_id", "status", "country", "channel", "where")
    list_filter = ("status", "channel")
    search_fields = ("=id", "=order_id", "=reservation__id")
    fields = (
        "order_id",
        "reservation",
        "status",
        "channel",
        "country",
        "where",
        "reasons",
        "created_at",
        "updated_at",
    )
    readonly_fields = ("where", "reasons")
    ordering = ("-created_at",)
    show_full_result_count = False

    @admin.display(description="sent from")
    def where(self, row: Allocation) -> str:
        return str(row.decision.get("decision", ""))

    @admin.display(description="why")
    def reasons(self, row: Allocation) -> str:
        said = row.decision.get("reasons", [])
        lines = ((one["rule"], one["outcome"], one["why"]) for one in said)
        return format_html(
            "<table>{}</table>",
            format_html_join("", "<tr><td>{}</td><td><b>{}</b></td><td>{}</td></tr>", lines),
        )
