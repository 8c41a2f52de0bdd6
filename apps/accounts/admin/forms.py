"""What admins fill in about users."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminPasswordWidget

from apps.accounts.domain.email import normal_email
from apps.accounts.domain.roles import faults_of_roles
from apps.accounts.models import User
from ecommerce.identity import ROLES


class NewUserForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own generics are stubs only
    """Opens an account, as registering would."""

    password = forms.CharField(widget=UnfoldAdminPasswordWidget(), max_length=128)

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name", "phone", "locale")

    def clean_email(self) -> str:
        return normal_email(self.cleaned_data["email"])

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.instance)
        return password


class UserForm(forms.ModelForm):  # type: ignore[type-arg]  # likewise
    roles = forms.MultipleChoiceField(
        choices=[(role, role) for role in ROLES],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        required=False,
    )

    class Meta:
        model = User
        fields = ("first_name", "last_name", "phone", "locale", "roles", "seller", "is_active")

    own = False
    """Whether the admin edits their own account; set for each request."""

    def clean(self) -> dict[str, Any] | None:
        given = super().clean() or {}
        seller = given.get("seller")
        for fault in faults_of_roles(
            given.get("roles", []), seller.code if seller else None, own=self.own
        ):
            self.add_error(fault.pointer.removeprefix("/"), fault.detail)
        if self.own and not given.get("is_active"):
            self.add_error("is_active", "Nobody locks their own account.")
        return given
