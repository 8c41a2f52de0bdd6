"""Feature flags in the back office."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from ecommerce.backoffice import viewer_in_admin
from ecommerce.clock import now
from ecommerce.flags import services
from ecommerce.flags.models import Flag
from ecommerce.flags.types import SetFlag
from ecommerce.identity import ROLES


class FlagForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    roles = forms.MultipleChoiceField(
        choices=[(role, role) for role in ROLES],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        required=False,
        help_text="None: for everybody.",
    )

    class Meta:
        model = Flag
        fields = ("key", "description", "enabled", "percentage", "roles", "channels")


@admin.register(Flag)
class FlagAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Saves and removes by the services, so every change is in the audit trail."""

    form = FlagForm
    list_display = ("key", "enabled", "percentage", "role_names", "channel_codes", "updated_at")
    list_filter = ("enabled",)
    search_fields = ("key", "description")
    ordering = ("key",)
    actions = None

    @admin.display(description="Roles")
    def role_names(self, flag: Flag) -> str:
        return ", ".join(flag.roles) or "all"

    @admin.display(description="Channels")
    def channel_codes(self, flag: Flag) -> str:
        return ", ".join(flag.channels) or "all"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key", "updated_at") if obj else ()

    def save_model(self, request: HttpRequest, obj: Flag, form: Any, change: bool) -> None:
        command = SetFlag(
            key=obj.key,
            description=obj.description,
            enabled=obj.enabled,
            percentage=obj.percentage,
            roles=tuple(obj.roles),
            channels=tuple(obj.channels),
        )
        services.set_flag(command, viewer=viewer_in_admin(request), now=now())

    def delete_model(self, request: HttpRequest, obj: Flag) -> None:
        services.remove_flag(key=obj.key, viewer=viewer_in_admin(request))
