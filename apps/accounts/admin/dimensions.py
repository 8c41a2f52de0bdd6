"""Merchants, channels and sellers: edited by admins, every change in the audit trail."""

from typing import Any

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.accounts.models import Channel, Merchant, Seller
from ecommerce.audit import record
from ecommerce.backoffice import viewer_in_admin


class _Dimension(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Named by a code that others keep, so the code never changes and no row is deleted."""

    search_fields = ("code", "name")
    ordering = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code", "created_at") if obj else ("created_at",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        kind = obj._meta.model_name
        record(
            action=f"accounts.{kind}.{'changed' if change else 'created'}",
            entity_type=str(kind),
            entity_id=str(obj.pk),
            actor=viewer_in_admin(request),
            changes={"fields": list(form.changed_data)},
        )


@admin.register(Merchant)
class MerchantAdmin(_Dimension):
    list_display = ("code", "name", "legal_name", "country", "vat_number")
    list_filter = ("country",)


@admin.register(Channel)
class ChannelAdmin(_Dimension):
    list_display = ("code", "name", "merchant", "currency", "locale", "country", "is_active")
    list_filter = ("is_active", "merchant", "currency")
    list_select_related = ("merchant",)


@admin.register(Seller)
class SellerAdmin(_Dimension):
    list_display = ("code", "name", "merchant", "is_active")
    list_filter = ("is_active", "merchant")
    list_select_related = ("merchant",)
