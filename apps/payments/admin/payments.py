"""Payments and what was asked of the gateway for them."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin, TabularInline

from apps.payments import services
from apps.payments.admin.looking import MovesMoney, ReadOnly, link_to, outcome
from apps.payments.admin.moving import Question, confirm_then
from apps.payments.models import Attempt, Payment
from ecommerce.backoffice import viewer_in_admin
from ecommerce.clock import now
from ecommerce.money import Money

CAPTURE = Question(
    action="capture",
    asks="Take this money, which is held on the customers' accounts?",
    button="Capture",
    amount=lambda payment: payment.left_to_capture,
)
VOID = Question(
    action="void",
    asks="Give up these holds? What is given up cannot be taken any more.",
    button="Void",
    amount=lambda payment: payment.left_to_capture,
)
REFUND = Question(
    action="refund",
    asks="Give this money back to the customers?",
    button="Refund",
    amount=lambda payment: payment.left_to_refund,
)


class AttemptInline(ReadOnly, TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = Attempt
    extra = 0
    fields = ("created_at", "operation", "money", "status", "gateway_reference", "decline_code")
    readonly_fields = ("money",)
    ordering = ("created_at", "id")

    @admin.display(description="Amount")
    def money(self, attempt: Attempt) -> Money:
        return attempt.money


@admin.register(Payment)
class PaymentAdmin(MovesMoney, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Payments, newest first; the buttons show what they would move before they do."""

    list_display = (
        "created_at",
        "status",
        "total",
        "taken",
        "given_back",
        "provider",
        "decline_code",
        "order_id",
    )
    list_filter = ("status", "provider", "currency", "merchant", "created_at")
    search_fields = ("id", "order_id", "gateway_reference")
    ordering = ("-created_at",)
    fields = (
        ("id", "status"),
        "order",
        ("total", "held", "taken", "given_back"),
        ("left_to_capture", "left_to_refund", "voided"),
        ("provider", "gateway_reference", "decline_code"),
        ("merchant", "customer_id"),
        ("created_at", "updated_at"),
    )
    readonly_fields = (
        "id",
        "order",
        "total",
        "held",
        "taken",
        "given_back",
        "left_to_capture",
        "left_to_refund",
    )
    inlines: ClassVar = [AttemptInline]
    actions: ClassVar = ["capture", "void", "refund"]

    @admin.display(description="Order")
    def order(self, payment: Payment) -> str:
        return link_to("orders_order", payment.order_id)

    @admin.display(description="Amount", ordering="amount")
    def total(self, payment: Payment) -> Money:
        return Money(payment.amount, payment.currency)

    @admin.display(description="Authorized")
    def held(self, payment: Payment) -> Money:
        return Money(payment.authorized, payment.currency)

    @admin.display(description="Captured", ordering="captured")
    def taken(self, payment: Payment) -> Money:
        return Money(payment.captured, payment.currency)

    @admin.display(description="Refunded", ordering="refunded")
    def given_back(self, payment: Payment) -> Money:
        return Money(payment.refunded, payment.currency)

    @admin.action(description="Capture what is held …", permissions=["move_money"])
    def capture(self, request: HttpRequest, payments: Any) -> TemplateResponse | None:
        def take(payment_id: UUID, amount: Money) -> str:
            viewer = viewer_in_admin(request)
            return services.capture_rest(
                payment_id=payment_id, amount=amount, viewer=viewer, now=now()
            ).status

        return confirm_then(self.admin_site, request, payments, CAPTURE, take)

    @admin.action(description="Void what is held …", permissions=["move_money"])
    def void(self, request: HttpRequest, payments: Any) -> TemplateResponse | None:
        def lift(payment_id: UUID, _: Money) -> str:
            viewer = viewer_in_admin(request)
            return services.void(payment_id=payment_id, viewer=viewer, now=now()).status

        return confirm_then(self.admin_site, request, payments, VOID, lift)

    @admin.action(description="Refund all that is left …", permissions=["move_money"])
    def refund(self, request: HttpRequest, payments: Any) -> TemplateResponse | None:
        def give_back(payment_id: UUID, _: Money) -> str:
            refund = services.refund_rest(
                payment_id=payment_id,
                reason="refunded in the admin",
                viewer=viewer_in_admin(request),
                now=now(),
            )
            return f"refund {refund.status} {refund.decline_code}".rstrip()

        return confirm_then(self.admin_site, request, payments, REFUND, give_back)


@admin.register(Attempt)
class AttemptAdmin(MovesMoney, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """What was asked of gateways, newest first."""

    list_display = (
        "created_at",
        "operation",
        "money",
        "status",
        "tries",
        "asked_at",
        "decline_code",
        "payment_page",
    )
    list_filter = ("status", "operation", "created_at")
    list_select_related = ("payment",)
    search_fields = ("id", "payment__id", "payment__order_id", "gateway_reference")
    ordering = ("-created_at",)
    exclude = ("amount", "payment")
    readonly_fields = ("money", "payment_page")
    actions: ClassVar = ["retry"]

    @admin.display(description="Amount", ordering="amount")
    def money(self, attempt: Attempt) -> Money:
        return attempt.money

    @admin.display(description="Payment")
    def payment_page(self, attempt: Attempt) -> str:
        return link_to("payments_payment", attempt.payment_id)

    @admin.action(description="Ask the gateway again now", permissions=["move_money"])
    def retry(self, request: HttpRequest, attempts: Any) -> None:
        def ask(attempt_id: UUID) -> str:
            viewer = viewer_in_admin(request)
            return outcome(services.retry_attempt(attempt_id=attempt_id, viewer=viewer, now=now()))

        self.each(request, attempts, ask)
