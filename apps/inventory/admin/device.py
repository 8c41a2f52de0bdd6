"""Devices' dead letters in the admin: looked at, applied after all, or discarded."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest

from apps.inventory import services
from apps.inventory.admin.read_only import ReadOnly
from apps.inventory.models import DeviceLetter
from ecommerce.clock import now
from ecommerce.errors import ShopError
from ecommerce.operations.worklist import WaitingFilter


@admin.register(DeviceLetter)
class DeviceLetterAdmin(ReadOnly):
    list_display = ("received_at", "topic", "said", "code", "detail", "attempts", "status")
    list_filter = (WaitingFilter, "status", "code", "received_at")
    search_fields = ("topic",)
    exclude = ("payload",)
    readonly_fields = ("said",)
    ordering = ("-received_at",)
    actions: ClassVar = ["retry", "discard"]
    show_full_result_count = False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("inventory.change_deviceletter"))

    @admin.display(description="message")
    def said(self, letter: DeviceLetter) -> str:
        return bytes(letter.payload[:500]).decode("utf-8", "replace")

    @admin.action(description="Apply after all", permissions=["retry"])
    def retry(self, request: HttpRequest, letters: Any) -> None:
        self._each(request, letters, services.retry_device_letter, "applied")

    @admin.action(description="Discard", permissions=["retry"])
    def discard(self, request: HttpRequest, letters: Any) -> None:
        self._each(request, letters, services.discard_device_letter, "discarded")

    def _each(
        self, request: HttpRequest, letters: Any, act: Callable[..., None], done: str
    ) -> None:
        number = 0
        for letter_id in letters.values_list("id", flat=True):
            try:
                act(letter_id=letter_id, by=str(request.user.pk), now=now())
                number += 1
            except ShopError as refusal:
                self.message_user(request, f"{letter_id}: {refusal.detail}", messages.ERROR)
        self.message_user(request, f"{number} {done}.", messages.SUCCESS)
