"""Lots in the admin: what is on hand of each where, and when it expires."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import TabularInline

from apps.catalog.services import find_skus
from apps.inventory.admin.read_only import ReadOnly
from apps.inventory.models import Lot, LotBalance, Serial, SkuTracking
from ecommerce.backoffice import SkuAdmin


class LotBalanceInline(TabularInline):  # type: ignore[misc]  # unfold is untyped
    hide_title = True
    model = LotBalance
    fields = ("location", "on_hand")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Lot)
class LotAdmin(SkuAdmin, ReadOnly):
    find_skus = staticmethod(find_skus)
    list_display = ("code", "sku", "title", "expires_on", "received_on")
    list_filter = ("expires_on",)
    search_fields = ("=sku_id", "=code")
    readonly_fields = ("sku", "title")
    ordering = ("expires_on",)
    inlines: ClassVar = [LotBalanceInline]
    show_full_result_count = False


@admin.register(Serial)
class SerialAdmin(SkuAdmin, ReadOnly):
    find_skus = staticmethod(find_skus)
    list_display = ("number", "sku", "title", "lot", "location")
    list_filter = ("location",)
    list_select_related = ("lot", "location")
    search_fields = ("=sku_id", "=number")
    readonly_fields = ("sku", "title")
    show_full_result_count = False


@admin.register(SkuTracking)
class SkuTrackingAdmin(SkuAdmin, ReadOnly):
    find_skus = staticmethod(find_skus)
    list_display = ("sku", "title", "lots", "serials")
    list_filter = ("lots", "serials")
    search_fields = ("=sku_id",)
    readonly_fields = ("sku", "title")
    show_full_result_count = False
