"""Allocations and the rules of routing in the admin."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline

from apps.inventory.admin.columns import order_column, table
from apps.inventory.admin.read_only import ReadOnly
from apps.inventory.models import Allocation, RoutingPolicy, RoutingRule
from ecommerce.operations.worklist import WaitingFilter


class _RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What is said of a location."""

    class Meta:
        help_texts = {
            "country": "Two letters, as DE; empty: wherever the order goes.",
            "effect": "Exclude: never send from there. Priority: before or after the others.",
            "priority": "Of an effect priority: the lowest is asked first.",
        }


class _Rules(TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = RoutingRule
    form = _RuleForm
    extra = 0


class _PolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # likewise
    """How the orders of a channel are sent."""

    class Meta:
        help_texts = {
            "channel": "The orders of this channel; empty: of all that have no policy of their own.",
            "objective": "What is sought first among the locations that have the goods.",
            "active": "Without an active policy goods are sent from where they were reserved.",
        }


@admin.register(RoutingPolicy)
class RoutingPolicyAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    form = _PolicyForm
    list_display = (
        "__str__",
        "objective",
        "own_country_first",
        "most_parcels",
        "active",
        "version",
    )
    readonly_fields = ("version",)
    inlines: ClassVar = [_Rules]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Decisions name the version that they were made by; a rule is a part of it."""
        super().save_related(request, form, formsets, change)
        if change:
            RoutingPolicy.objects.filter(id=form.instance.id).update(version=F("version") + 1)


@admin.register(Allocation)
class AllocationAdmin(ReadOnly):
    list_display = ("created_at", "order", "status", "country", "channel", "where")
    list_filter = (WaitingFilter, "status", "channel")
    search_fields = ("=id", "=order_id", "=reservation__id")
    fields = (
        "order",
        "reservation",
        "status",
        "channel",
        "country",
        "where",
        "reasons",
        "created_at",
        "updated_at",
    )
    readonly_fields = ("order", "where", "reasons")
    ordering = ("-created_at",)
    show_full_result_count = False

    order = order_column()

    @admin.display(description="sent from")
    def where(self, row: Allocation) -> str:
        return str(row.decision.get("decision", ""))

    @admin.display(description="why")
    def reasons(self, row: Allocation) -> SafeString:
        said = row.decision.get("reasons", [])
        lines = ((one["rule"], one["outcome"], one["why"]) for one in said)
        return table(("rule", "outcome", "why"), lines)
