"""Refusals of services, shown to the person instead of an error page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.admin import ModelAdmin

from ecommerce.errors import ShopError


def tell_refusal(request: HttpRequest, what: object, refusal: ShopError) -> None:
    """Show why, with each fault."""
    faults = "; ".join(f"{fault.pointer} {fault.detail}" for fault in refusal.faults)
    messages.error(request, f"{what}: {refusal.detail}{f' ({faults})' if faults else ''}")


def each(request: HttpRequest, rows: Any, done: str, command: Callable[[Any], object]) -> None:
    """Do it to each row; count those done and show why the others were refused."""
    count = 0
    for row in rows:
        try:
            command(row)
            count += 1
        except ShopError as refusal:
            tell_refusal(request, row, refusal)
    messages.success(request, f"{count} {done}.")


class ServiceAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Saves and deletes through services; what they refuse is said above the form."""

    show_full_result_count = False
    list_per_page = 50

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            answer: HttpResponse = super().changeform_view(
                request, object_id, form_url, extra_context
            )
        except ShopError as refusal:
            tell_refusal(request, "Not saved", refusal)
            return HttpResponseRedirect(request.get_full_path())
        return answer

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            answer: HttpResponse = super().delete_view(request, object_id, extra_context)
        except ShopError as refusal:
            tell_refusal(request, "Not deleted", refusal)
            return HttpResponseRedirect("../change/")
        return answer
