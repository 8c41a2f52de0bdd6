"""The books."""

from typing import ClassVar

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from apps.payments.admin.looking import ReadOnly, link_to
from apps.payments.models import JournalEntry, JournalLine, LedgerAccount
from ecommerce.money import Money


class JournalLineInline(ReadOnly, TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = JournalLine
    extra = 0
    fields = ("account", "debited", "credited")
    readonly_fields = ("debited", "credited")
    ordering = ("id",)

    @admin.display(description="Debit", empty_value="")
    def debited(self, line: JournalLine) -> Money | None:
        return Money(line.debit, line.currency) if line.debit else None

    @admin.display(description="Credit", empty_value="")
    def credited(self, line: JournalLine) -> Money | None:
        return Money(line.credit, line.currency) if line.credit else None


@admin.register(JournalEntry)
class JournalEntryAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Movements of money, newest first."""

    list_display = ("created_at", "kind", "reference", "payment_id", "order_id", "merchant")
    list_filter = ("kind", "merchant", "created_at")
    search_fields = ("reference", "payment_id", "order_id")
    ordering = ("-created_at",)
    fields = ("kind", "reference", "payment", "order", "merchant", "created_at")
    readonly_fields = ("payment", "order")
    inlines: ClassVar = [JournalLineInline]

    @admin.display(description="Payment")
    def payment(self, entry: JournalEntry) -> str:
        return link_to("payments_payment", entry.payment_id)

    @admin.display(description="Order")
    def order(self, entry: JournalEntry) -> str:
        return link_to("orders_order", entry.order_id)


@admin.register(LedgerAccount)
class LedgerAccountAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """What money is counted under."""

    list_display = ("code", "kind")
    ordering = ("code",)
