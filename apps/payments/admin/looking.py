"""What all pages of payments share: nothing is typed in, and what is moved goes through the services."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from ecommerce.errors import ShopError


class ReadOnly:
    """To be looked at only."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MovesMoney(ReadOnly):
    """Not typed in either, but moved on by buttons."""

    def has_move_money_permission(self, request: HttpRequest) -> bool:
        """Whoever may change payments, though not by hand."""
        return request.user.has_perm("payments.change_payment")

    def each(self, request: HttpRequest, rows: Any, act: Callable[[UUID], str]) -> None:
        """Do it to every chosen row and tell what came of each; a refusal stops none of the others."""
        for row_id in list(rows.values_list("id", flat=True)):
            try:
                messages.success(request, f"{row_id}: {act(row_id)}")
            except ShopError as refusal:
                messages.error(request, f"{row_id}: {refusal.detail}")


def outcome(through: bool) -> str:
    """What a retry came to, in words."""
    return "through" if through else "not yet: it is tried again by itself"


def link_to(page: str, row_id: UUID) -> str:
    """A link to a row's page in the admin, whichever room has it."""
    return format_html(
        '<a href="{}">{}</a>', reverse(f"admin:{page}_change", args=[row_id]), row_id
    )
