"""Users, their sessions and their addresses."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.accounts import services
from apps.accounts.admin.forms import NewUserForm, UserForm
from apps.accounts.models import Address, Session, User
from apps.accounts.types import ProfileChange, Register
from ecommerce.backoffice import viewer_in_admin
from ecommerce.clock import now
from ecommerce.identity import Viewer


class _LookOnly(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Every save goes through the services, so roles and locks are checked, audited and told of."""

    form = UserForm
    list_display = ("email", "name", "role_names", "seller", "is_active", "created_at")
    list_filter = ("is_active", "seller")
    list_select_related = ("seller",)
    search_fields = ("email", "first_name", "last_name")
    ordering = ("-created_at",)
    readonly_fields = ("created_at", "updated_at", "last_login")
    show_full_result_count = False

    @admin.display(description="Name")
    def name(self, user: User) -> str:
        return f"{user.first_name} {user.last_name}".strip()

    @admin.display(description="Roles")
    def role_names(self, user: User) -> str:
        return ", ".join(user.roles)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            return super().get_form(request, obj, change, form=NewUserForm, **kwargs)
        form = super().get_form(request, obj, change, **kwargs)
        form.own = obj.pk == request.user.pk
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.readonly_fields if obj else ()

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        given = form.cleaned_data
        if change:
            _change(obj, given, viewer_in_admin(request))
        else:
            obj.id = services.register(Register(**given), now=now()).id


def _change(user: User, given: dict[str, Any], viewer: Viewer) -> None:
    profile = {name: given[name] for name in ("first_name", "last_name", "phone", "locale")}
    at = now()
    services.update_profile(user_id=user.id, change=ProfileChange(**profile), version=None, now=at)
    services.assign_roles(
        user_id=user.id,
        roles=given["roles"],
        seller=given["seller"].code if given["seller"] else None,
        viewer=viewer,
        now=at,
    )
    if user.id != viewer.user_id:
        services.set_user_active(user_id=user.id, active=given["is_active"], viewer=viewer, now=at)


@admin.register(Session)
class SessionAdmin(_LookOnly):
    list_display = ("user", "device", "created_at", "last_used_at", "expires_at", "revoked_reason")
    list_filter = ("revoked_reason",)
    list_select_related = ("user",)
    search_fields = ("user__email", "id")
    ordering = ("-last_used_at",)
    exclude = ("refresh_id",)
    show_full_result_count = False
    actions = ("sign_out",)

    def has_sign_out_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_session")

    @admin.action(description="Sign these users out everywhere", permissions=["sign_out"])
    def sign_out(self, request: HttpRequest, sessions: "QuerySet[Session]") -> None:
        for user_id in sessions.order_by("user_id").values_list("user_id", flat=True).distinct():
            services.sign_out_everywhere(user_id=user_id, now=now())


@admin.register(Address)
class AddressAdmin(_LookOnly):
    list_display = ("user", "line1", "postal_code", "city", "country", "is_default_shipping")
    list_filter = ("country",)
    list_select_related = ("user",)
    search_fields = ("user__email", "line1", "city", "postal_code")
    ordering = ("-created_at",)
    show_full_result_count = False
