"""The back office of accounts. Who may do what is said by roles; Django's groups would say nothing here."""

import django.contrib.auth.admin  # noqa: F401 it registers the groups that are taken away below
from django.contrib import admin
from django.contrib.auth.models import Group

from apps.accounts.admin.dimensions import ChannelAdmin, MerchantAdmin, SellerAdmin
from apps.accounts.admin.users import AddressAdmin, SessionAdmin, UserAdmin

admin.site.unregister(Group)

__all__ = [
    "AddressAdmin",
    "ChannelAdmin",
    "MerchantAdmin",
    "SellerAdmin",
    "SessionAdmin",
    "UserAdmin",
]
