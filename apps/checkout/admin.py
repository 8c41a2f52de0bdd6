"""Purchases and sagas for the back office: to look at, and two buttons."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from unfold.admin import ModelAdmin

from apps.checkout import services
from apps.checkout.models import Checkout, Saga
from ecommerce import clock
from ecommerce.backoffice import Operated, money_column, viewer_in_admin
from ecommerce.errors import ShopError
from ecommerce.money import Money


class ReadOnly:
    """What is written by services is not typed in."""

    def has_add_permission(self, *_: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any) -> bool:
        return False


def _link(page: str, row_id: UUID, text: str = "") -> str:
    url = reverse(f"admin:{page}_change", args=[row_id])
    return format_html('<a href="{}">{}</a>', url, text or row_id)


def _listed(texts: Iterable[str]) -> str:
    return format_html_join("", "<div>{}</div>", ((text,) for text in texts))


def _address(parts: Mapping[str, str]) -> str:
    shown = (
        "name",
        "company",
        "line1",
        "line2",
        "postal_code",
        "city",
        "region",
        "country",
        "phone",
    )
    return ", ".join(parts[name] for name in shown if parts.get(name))


@admin.register(Checkout)
class CheckoutAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Purchases, newest first."""

    list_display = (
        "created_at",
        "status",
        "total",
        "order_number",
        "attempt",
        "failure_code",
        "decline_code",
        "id",
    )
    list_filter = ("status", "currency", "channel", "failure_code", "created_at")
    search_fields = ("id", "order_number", "order_id", "cart_id", "email")
    ordering = ("-created_at", "-id")
    fieldsets = (
        (None, {"fields": (("status", "attempt"), ("failure_code", "decline_code"))}),
        ("What", {"fields": ("goods", "coupon_codes", "why")}),
        (
            "Money",
            {
                "fields": (
                    ("subtotal", "discount", "shipping", "total"),
                    ("tax", "prices_include_tax"),
                )
            },
        ),
        ("More of it", {"fields": ("order", "payment", "its_sagas", "cart_id", "quote_id")}),
        (
            "Whose",
            {
                "fields": (
                    "email",
                    "customer_id",
                    "ship_to",
                    "bill_to",
                    "shipping_name",
                    "channel",
                    "locale",
                )
            },
        ),
        ("When", {"fields": (("created_at", "expires_at", "completed_at"), ("id", "version"))}),
    )
    readonly_fields = (
        "goods",
        "why",
        "subtotal",
        "discount",
        "shipping",
        "total",
        "tax",
        "order",
        "payment",
        "its_sagas",
        "ship_to",
        "bill_to",
    )

    total = money_column("total")
    subtotal = money_column("subtotal")
    discount = money_column("discount")
    shipping = money_column("shipping")
    tax = money_column("tax")

    @admin.display
    def goods(self, checkout: Checkout) -> str:
        return _listed(
            f"{line['quantity']} × {line['title']} ({line['sku_code']}):"
            f" {Money(line['total_minor'], checkout.currency)}"
            for line in checkout.lines
        )

    @admin.display(description="Why this price")
    def why(self, checkout: Checkout) -> str:
        return _listed(
            f"{one['rule']}: {one['why']} ({one['outcome']})" for one in checkout.reasons
        )

    @admin.display
    def order(self, checkout: Checkout) -> str:
        if not checkout.order_number:
            return "none"
        return _link("orders_order", checkout.order_id, checkout.order_number)

    @admin.display
    def payment(self, checkout: Checkout) -> str:
        if not (checkout.order_number and checkout.total_minor):
            return "none"
        return _link("payments_payment", checkout.payment_id)

    @admin.display(description="Sagas")
    def its_sagas(self, checkout: Checkout) -> str:
        return format_html_join(
            ", ",
            '<a href="{}">{}</a>',
            (
                (reverse("admin:checkout_saga_change", args=[saga.id]), str(saga))
                for saga in checkout.sagas.order_by("attempt")
            ),
        )

    @admin.display
    def ship_to(self, checkout: Checkout) -> str:
        return _address(checkout.shipping_address)

    @admin.display
    def bill_to(self, checkout: Checkout) -> str:
        return _address(checkout.billing_address)


@admin.register(Saga)
class SagaAdmin(Operated, ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Sagas, the latest first: those that are stuck wait for someone to look."""

    list_display = (
        "created_at",
        "state",
        "step",
        "tries",
        "last_error",
        "next_attempt_at",
        "order_id",
        "id",
    )
    list_filter = ("state", "step", "created_at")
    search_fields = ("id", "order_id", "payment_id", "checkout__id")
    ordering = ("-created_at",)
    fields = (
        ("state", "step", "attempt"),
        "done",
        "reason",
        ("tries", "last_error"),
        ("checkout_page", "order", "payment"),
        ("next_attempt_at", "lease_until"),
        ("created_at", "updated_at", "id"),
    )
    readonly_fields = ("done", "reason", "checkout_page", "order", "payment")
    actions = ("retry", "compensate")

    @admin.display(description="What it did")
    def done(self, saga: Saga) -> str:
        return _listed(
            f"{entry['at'][:19]} {entry['step']}: {entry['outcome']} {entry.get('detail', '')}".rstrip()
            for entry in saga.log
        )

    @admin.display(description="Why it was undone")
    def reason(self, saga: Saga) -> str:
        return " ".join(str(part) for part in saga.failure.values())

    @admin.display(description="Checkout")
    def checkout_page(self, saga: Saga) -> str:
        return _link("checkout_checkout", saga.checkout_id)

    @admin.display
    def order(self, saga: Saga) -> str:
        return _link("orders_order", saga.order_id)

    @admin.display
    def payment(self, saga: Saga) -> str:
        return _link("payments_payment", saga.payment_id)

    @admin.action(description="Go on now", permissions=["operate"])
    def retry(self, request: HttpRequest, chosen: "QuerySet[Saga]") -> None:
        self._each(request, chosen, services.retry_saga)

    @admin.action(description="Undo: give back stock, coupons and money", permissions=["operate"])
    def compensate(self, request: HttpRequest, chosen: "QuerySet[Saga]") -> None:
        self._each(request, chosen, services.compensate_saga)

    def _each(
        self, request: HttpRequest, chosen: "QuerySet[Saga]", turn: Callable[..., Any]
    ) -> None:
        viewer = viewer_in_admin(request)
        for saga_id in list(chosen.values_list("id", flat=True)):
            try:
                done = turn(saga_id=saga_id, viewer=viewer, now=clock.now())
            except ShopError as refusal:
                self.message_user(request, f"{saga_id}: {refusal.detail}", messages.WARNING)
            else:
                self.message_user(request, f"{saga_id} is {done.state}", messages.SUCCESS)
