"""What pricing's screens share: rows are added by services and ended by actions, never typed over."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.admin import ModelAdmin

from ecommerce.backoffice import Operated
from ecommerce.errors import ShopError


class LedgerAdmin(Operated, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Shows rows, adds them by a service, and tells a refusal instead of failing."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().changeform_view(request, *args, **kwargs)
        except ShopError as refusal:
            self.message_user(request, _told(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        return response

    def each(
        self, request: HttpRequest, chosen: Iterable[Any], act: Callable[[Any], object]
    ) -> None:
        """Do something to each chosen row, and tell how it went."""
        done = 0
        for row in chosen:
            try:
                act(row)
            except ShopError as refusal:
                self.message_user(request, f"{row}: {_told(refusal)}", messages.WARNING)
            else:
                done += 1
        self.message_user(request, f"{done} done", messages.SUCCESS)


def _told(refusal: ShopError) -> str:
    return " ".join(
        [refusal.detail, *(f"{fault.pointer}: {fault.detail}" for fault in refusal.faults)]
    )
