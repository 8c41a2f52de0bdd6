"""What lists and pages are made of: ways to other pages, and small tables."""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def short(key: object) -> str:
    """The end of an id, by which people tell it from others."""
    return f"…{str(key)[-12:]}"


def link(page: str, key: object, text: object = "") -> SafeString:
    """A way to a row's page, as ``link("inventory_inbound", delivery.id, "IN-7")``."""
    url = reverse(f"admin:{page}_change", args=[key])
    return format_html(
        '<a class="underline whitespace-nowrap" href="{}" title="{}">{}</a>',
        url, key, text or short(key),
    )  # fmt: skip


def order_column(field: str = "order_id") -> Callable[[Any, Any], SafeString | str]:
    """A column that leads to the order that a row is for; a dash where it is for none.

    What its number is, is the business of a room above.
    """
    order_of = attrgetter(field.replace("__", "."))

    @admin.display(description="order", ordering=field)
    def column(self: Any, row: Any) -> SafeString | str:
        order_id = order_of(row)
        return link("orders_order", order_id) if order_id else "–"

    return column


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> SafeString:
    """A small table, or a dash where there is no row."""
    padded = '<td class="py-1 pr-4 align-top">{}</td>'
    lines = [format_html_join("", padded, ((cell,) for cell in row)) for row in rows]
    if not lines:
        return format_html("–")
    return format_html(
        '<div class="overflow-x-auto"><table class="w-full text-left">'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        format_html_join("", '<th class="py-1 pr-4">{}</th>', ((head,) for head in heads)),
        format_html_join("", "<tr>{}</tr>", ((line,) for line in lines)),
    )
