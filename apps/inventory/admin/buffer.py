"""Safety buffers in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.catalog.services import find_skus
from apps.inventory import services
from apps.inventory.errors import UnknownSku
from apps.inventory.models import ChannelBuffer
from ecommerce.backoffice import SkuAdmin


class BufferForm(forms.ModelForm):  # type: ignore[type-arg]  # a form of Django's admin
    """The SKU by its code; none means every SKU."""

    sku_code = forms.CharField(
        required=False, max_length=100, label="SKU", help_text="A code or id; empty: every SKU",
        widget=UnfoldAdminTextInputWidget(),
    )  # fmt: skip

    class Meta:
        model = ChannelBuffer
        fields = ("channel", "units")
        help_texts = {
            "channel": "Where they are not sold, as web.",
            "units": "So many are held back from it.",
        }

    def clean_sku_code(self) -> str:
        code: str = self.cleaned_data["sku_code"]
        try:
            self.instance.sku_id = services.find_sku(sku=code) if code else None
        except UnknownSku as refusal:
            raise forms.ValidationError(refusal.detail) from refusal
        return code


@admin.register(ChannelBuffer)
class ChannelBufferAdmin(SkuAdmin, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    find_skus = staticmethod(find_skus)
    form = BufferForm
    list_display = ("channel", "sku", "title", "units")
    list_filter = ("channel",)
    search_fields = ("channel", "=sku_id")
    ordering = ("channel", "id")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The one that is added last counts."""
        return False

    @admin.display(description="SKU", ordering="sku_id")
    def sku(self, row: Any) -> str:
        return super().sku(row) if row.sku_id else "every SKU"

    def save_model(self, request: HttpRequest, obj: ChannelBuffer, form: Any, change: bool) -> None:
        made = services.set_channel_buffer(channel=obj.channel, units=obj.units, sku_id=obj.sku_id)
        obj.id = made.id
