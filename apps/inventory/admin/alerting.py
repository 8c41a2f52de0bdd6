"""Alerts in the admin: rules are written, what they found is looked at."""

import secrets
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.catalog.services import find_skus
from apps.inventory.admin.read_only import ReadOnly
from apps.inventory.admin.typed import SkuField
from apps.inventory.models import AlertInstance, AlertMessage, AlertRule
from ecommerce.backoffice import SkuAdmin
from ecommerce.clock import now
from ecommerce.operations.worklist import WaitingFilter


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A rule, with its SKU as people know it."""

    sku_id = SkuField(required=False, help_text="Its code; empty: every SKU.")

    class Meta:
        labels = {"webhook_url": "webhook URL", "emails": "e-mails"}
        help_texts = {
            "location": "Empty: the sum over all active ones.",
            "clear_by": "It is over only this far beyond the threshold.",
            "for_seconds": "It has to last so long before anybody is told.",
            "emails": "Addresses to tell, with commas between them.",
            "webhook_url": "An address to post to, signed with the secret.",
        }


@admin.register(AlertRule)
class AlertRuleAdmin(SkuAdmin, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    find_skus = staticmethod(find_skus)
    form = RuleForm
    list_display = ("name", "watch", "threshold", "sku", "location", "for_seconds", "active")
    list_filter = ("watch", "active", "location")
    list_select_related = ("location",)
    search_fields = ("name", "=sku_id")
    ordering = ("name",)
    fields = (
        "name",
        ("watch", "threshold"),
        ("sku_id", "location"),
        ("clear_by", "for_seconds"),
        "emails",
        "webhook_url",
        "webhook_secret",
        "active",
    )
    readonly_fields = ("webhook_secret",)

    @admin.display(description="SKU", ordering="sku_id")
    def sku(self, row: Any) -> str:
        return super().sku(row) if row.sku_id else "every SKU"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if obj.webhook_url and not obj.webhook_secret:
            obj.webhook_secret = secrets.token_hex(32)
        if not change:
            obj.created_by = str(request.user.pk)
        super().save_model(request, obj, form, change)


@admin.register(AlertInstance)
class AlertInstanceAdmin(SkuAdmin, ReadOnly):
    find_skus = staticmethod(find_skus)
    list_display = ("since", "rule", "sku", "title", "place", "state", "value", "resolved_at")
    list_filter = (WaitingFilter, "state", "rule", "location")
    list_select_related = ("rule", "location")
    ordering = ("-since",)
    readonly_fields = ("sku", "title")
    show_full_result_count = False


@admin.register(AlertMessage)
class AlertMessageAdmin(ReadOnly):
    list_display = ("rule", "news", "channel", "target", "state", "tries", "last_error", "sent_at")
    list_filter = ("state", "channel")
    list_select_related = ("rule",)
    ordering = ("-id",)
    actions: ClassVar = ["send_again"]
    show_full_result_count = False

    @admin.action(description="Send again", permissions=["operate"])
    def send_again(self, request: HttpRequest, chosen: Any) -> None:
        waiting = chosen.exclude(state="sent").update(state="waiting", tries=0, next_try_at=now())
        self.message_user(request, f"{waiting} are on their way.", messages.SUCCESS)
