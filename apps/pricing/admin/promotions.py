"""Promotions and coupons in the back office."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import TabularInline

from apps.pricing import services
from apps.pricing.admin.ledger import LedgerAdmin
from apps.pricing.models import Coupon, CouponUse, Promotion
from apps.pricing.types import CreatePromotion, IssueCoupon
from ecommerce import clock
from ecommerce.backoffice import shown, viewer_in_admin


@admin.register(Promotion)
class PromotionAdmin(LedgerAdmin):
    """The rules, in the order in which they run. A rule is not changed: it is paused, and another made."""

    list_display = (
        "code",
        "name",
        "priority",
        "gives",
        "threshold",
        "stacking",
        "needs_coupon",
        "channel",
        "status",
        "valid_from",
        "valid_to",
    )
    list_filter = ("status", "effect", "stacking", "needs_coupon", "channel")
    search_fields = ("code", "name")
    ordering = ("-priority", "id")
    actions = ("activate", "pause", "archive")
    fields = (
        "code",
        "name",
        "effect",
        "percent",
        "amount_minor",
        "currency",
        "min_subtotal_minor",
        "sku_ids",
        "category_ids",
        "channel",
        "needs_coupon",
        "priority",
        "stacking",
        "status",
        "valid_from",
        "valid_to",
    )

    def save_model(self, request: HttpRequest, obj: Promotion, form: Any, change: bool) -> None:
        made = services.create_promotion(
            CreatePromotion(**form.cleaned_data, actor=viewer_in_admin(request)), now=clock.now()
        )
        obj.pk = made.id

    @admin.action(description="Activate", permissions=["operate"])
    def activate(self, request: HttpRequest, chosen: "QuerySet[Promotion]") -> None:
        self._switch(request, chosen, "active")

    @admin.action(description="Pause", permissions=["operate"])
    def pause(self, request: HttpRequest, chosen: "QuerySet[Promotion]") -> None:
        self._switch(request, chosen, "paused")

    @admin.action(description="Archive for good", permissions=["operate"])
    def archive(self, request: HttpRequest, chosen: "QuerySet[Promotion]") -> None:
        self._switch(request, chosen, "archived")

    def _switch(self, request: HttpRequest, chosen: "QuerySet[Promotion]", status: str) -> None:
        actor = viewer_in_admin(request)
        self.each(
            request,
            chosen,
            lambda row: services.set_promotion_status(
                promotion_id=row.id, status=status, actor=actor
            ),
        )

    def gives(self, row: Promotion) -> str:
        if row.effect == Promotion.Effect.PERCENTAGE:
            return f"{row.percent.normalize():f} %"
        if row.effect == Promotion.Effect.FIXED:
            return shown(row.amount_minor, row.currency)
        return "free shipping"

    def threshold(self, row: Promotion) -> str:
        return shown(row.min_subtotal_minor or None, row.currency)


class UseInline(TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = CouponUse
    fields = ("order_id", "customer_id", "status", "held_at", "changed_at")
    readonly_fields = fields
    ordering = ("-held_at",)
    extra = 0
    can_delete = False
    max_num = 0


@admin.register(Coupon)
class CouponAdmin(LedgerAdmin):
    """The codes, and who used them."""

    list_display = (
        "code",
        "promotion",
        "status",
        "usage_limit",
        "per_customer_limit",
        "held",
        "redeemed",
        "valid_from",
        "valid_to",
    )
    list_filter = ("status",)
    list_select_related = ("promotion",)
    search_fields = ("code", "promotion__code", "uses__order_id")
    ordering = ("-id",)
    actions = ("disable",)
    inlines = (UseInline,)
    fields = ("code", "promotion", "usage_limit", "per_customer_limit", "valid_from", "valid_to")

    def save_model(self, request: HttpRequest, obj: Coupon, form: Any, change: bool) -> None:
        typed = dict(form.cleaned_data)
        promotion = typed.pop("promotion")
        made = services.issue_coupon(
            IssueCoupon(**typed, promotion_id=promotion.id, actor=viewer_in_admin(request)),
            now=clock.now(),
        )
        obj.pk = made.id

    @admin.action(description="Withdraw the code", permissions=["operate"])
    def disable(self, request: HttpRequest, chosen: "QuerySet[Coupon]") -> None:
        actor = viewer_in_admin(request)
        self.each(request, chosen, lambda row: services.disable_coupon(code=row.code, actor=actor))
