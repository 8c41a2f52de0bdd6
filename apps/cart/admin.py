"""Carts in the back office: to look at, and to unlock."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from unfold.admin import TabularInline

from apps.cart import services
from apps.cart.models import Cart, CartItem
from apps.catalog.services import find_skus
from ecommerce import clock
from ecommerce.backoffice import Operated, SkuColumns, SkuInlinesAdmin, viewer_in_admin
from ecommerce.errors import ShopError


class ItemInline(SkuColumns, TabularInline):  # type: ignore[misc]  # unfold is untyped
    find_skus = staticmethod(find_skus)
    model = CartItem
    fields = ("sku", "title", "quantity", "added_at")
    readonly_fields = fields
    ordering = ("added_at", "id")
    extra = 0
    max_num = 0
    can_delete = False


@admin.register(Cart)
class CartAdmin(Operated, SkuInlinesAdmin):
    """Carts, the last touched first."""

    list_display = (
        "id",
        "status",
        "owner",
        "lines",
        "units",
        "channel",
        "currency",
        "version",
        "updated_at",
    )
    list_filter = ("status", "channel", "currency")
    search_fields = ("=id", "=customer_id", "=order_id", "=items__sku_id")
    ordering = ("-updated_at",)
    show_full_result_count = False
    inlines = (ItemInline,)
    actions = ("unlock",)
    exclude = ("guest_token_hash",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Cart]":
        carts: QuerySet[Cart] = super().get_queryset(request)
        return carts.annotate(line_count=Count("items"), unit_count=Sum("items__quantity"))

    @admin.display(ordering="line_count")
    def lines(self, row: Any) -> int:
        return int(row.line_count)

    @admin.display(ordering="unit_count")
    def units(self, row: Any) -> int:
        return int(row.unit_count or 0)

    def owner(self, row: Cart) -> str:
        return str(row.customer_id) if row.customer_id else "guest"

    @admin.action(description="Unlock", permissions=["operate"])
    def unlock(self, request: HttpRequest, chosen: "QuerySet[Cart]") -> None:
        viewer, now = viewer_in_admin(request), clock.now()
        for cart_id in chosen.values_list("id", flat=True):
            try:
                services.unlock_cart(cart_id=cart_id, viewer=viewer, now=now)
            except ShopError as refusal:
                self.message_user(request, f"{cart_id}: {refusal.detail}", messages.WARNING)
            else:
                self.message_user(request, f"{cart_id} is open", messages.SUCCESS)
