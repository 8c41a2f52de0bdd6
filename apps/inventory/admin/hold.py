"""What is held from sale, and what the nightly check found, in the admin."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest

from apps.catalog.services import find_skus
from apps.inventory import services
from apps.inventory.admin.read_only import ReadOnly, WhoColumn
from apps.inventory.models import StockCheck, StockHold
from ecommerce.backoffice import SkuAdmin, people
from ecommerce.clock import now
from ecommerce.operations.worklist import WaitingFilter


@admin.register(StockHold)
class StockHoldAdmin(WhoColumn, SkuAdmin, ReadOnly):
    actor_field = "placed_by"
    find_skus = staticmethod(find_skus)
    list_display = ("placed_at", "sku", "title", "place", "reason", "who", "lifted_at")
    list_filter = (WaitingFilter, "location", ("lifted_at", admin.EmptyFieldListFilter))
    list_select_related = ("location",)
    ordering = ("-placed_at",)
    readonly_fields = ("sku", "title", "lifter")
    exclude = ("lifted_by",)
    actions: ClassVar = ["lift"]
    show_full_result_count = False

    @admin.display(description="lifted by")
    def lifter(self, hold: StockHold) -> str:
        return people([hold.lifted_by])[hold.lifted_by] or "–"

    @admin.action(description="Let it be sold again", permissions=["operate"])
    def lift(self, request: HttpRequest, holds: Any) -> None:
        for hold in holds.filter(lifted_at=None).select_related("location"):
            services.let_be_sold(
                sku_id=hold.sku_id,
                location=hold.location.code,
                actor=str(request.user.pk),
                now=now(),
            )
        self.message_user(request, "They can be sold again.", messages.SUCCESS)


@admin.register(StockCheck)
class StockCheckAdmin(ReadOnly):
    list_display = ("checked_at", "levels", "movements", "reservations", "seconds", "found")
    list_filter = (WaitingFilter,)
    ordering = ("-checked_at",)
    show_full_result_count = False

    @admin.display(description="differences")
    def found(self, check: StockCheck) -> str:
        return (
            ", ".join(f"{name}: {len(rows)}" for name, rows in check.differences.items()) or "none"
        )
