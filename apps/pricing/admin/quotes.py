"""Recorded quotes in the back office: every price, and why."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.catalog.services import find_skus
from apps.pricing import services
from apps.pricing.admin.ledger import LedgerAdmin
from apps.pricing.models import Quote
from ecommerce.backoffice import shown


@admin.register(Quote)
class QuoteAdmin(LedgerAdmin):
    """Quotes, newest first. Nothing here can be changed; everything can be computed again."""

    list_display = ("id", "total", "channel", "created_at", "inputs_version")
    list_filter = ("channel", "currency")
    search_fields = ("=id",)
    ordering = ("-id",)
    show_full_result_count = False
    actions = ("replay",)
    fields = (
        "id",
        "total",
        "channel",
        "lines",
        "reasons",
        "inputs_version",
        "signature",
        "created_at",
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description="Compute again and check the seal", permissions=["view"])
    def replay(self, request: HttpRequest, chosen: "QuerySet[Quote]") -> None:
        for quote_id in chosen.values_list("id", flat=True):
            replay = services.replay_quote(quote_id)
            verdict = (
                "identical, seal whole" if replay.identical else "DIFFERS, or the seal is broken"
            )
            level = messages.SUCCESS if replay.identical else messages.ERROR
            self.message_user(request, f"{quote_id}: {verdict}", level)

    @admin.display(ordering="total_minor")
    def total(self, row: Quote) -> str:
        return shown(row.total_minor, row.currency)

    def lines(self, row: Quote) -> SafeString:
        known = find_skus(ids=[UUID(line["sku_id"]) for line in row.result["lines"]])
        codes = {str(sku.id): sku.code for sku in known.values()}
        head = ("SKU", "quantity", "unit price", "discount", "tax", "total")
        body = [
            (
                codes.get(line["sku_id"], line["sku_id"]),
                line["quantity"],
                *(
                    shown(line[f"{name}_minor"], row.currency)
                    for name in ("unit_price", "discount", "tax", "total")
                ),
            )
            for line in row.result["lines"]
        ]
        return _table(head, body)

    def reasons(self, row: Quote) -> SafeString:
        body = [
            (
                reason["outcome"],
                reason["rule"],
                reason["why"],
                shown(reason["amount_minor"], row.currency),
            )
            for reason in row.result["reasons"]
        ]
        return _table(("outcome", "rule", "why", "amount"), body)


def _table(head: tuple[str, ...], body: list[tuple[Any, ...]]) -> SafeString:
    heads = format_html_join(
        "", '<th style="text-align:left;padding-right:1rem">{}</th>', ((one,) for one in head)
    )
    rows = format_html_join("", "<tr>{}</tr>", ((_cells(row),) for row in body))
    return format_html("<table><tr>{}</tr>{}</table>", heads, rows)


def _cells(row: tuple[Any, ...]) -> SafeString:
    return format_html_join("", '<td style="padding-right:1rem">{}</td>', ((one,) for one in row))
