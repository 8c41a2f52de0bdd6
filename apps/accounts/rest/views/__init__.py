"""The REST door of accounts."""

from apps.accounts.rest.views.addresses import AddressesView, AddressView
from apps.accounts.rest.views.auth import LoginView, LogoutView, RefreshView, RegisterView
from apps.accounts.rest.views.channels import ChannelsView, ChannelView
from apps.accounts.rest.views.me import (
    PasswordView,
    PreferencesView,
    ProfileView,
    SessionsView,
    SessionView,
)
from apps.accounts.rest.views.users import ActiveView, RolesView, UsersView, UserView

__all__ = [
    "ActiveView",
    "AddressView",
    "AddressesView",
    "ChannelView",
    "ChannelsView",
    "LoginView",
    "LogoutView",
    "PasswordView",
    "PreferencesView",
    "ProfileView",
    "RefreshView",
    "RegisterView",
    "RolesView",
    "SessionView",
    "SessionsView",
    "UserView",
    "UsersView",
]
