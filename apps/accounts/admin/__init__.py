"""The back office of accounts."""

from apps.accounts.admin.dimensions import ChannelAdmin, MerchantAdmin, SellerAdmin
from apps.accounts.admin.users import AddressAdmin, SessionAdmin, UserAdmin

__all__ = [
    "AddressAdmin",
    "ChannelAdmin",
    "MerchantAdmin",
    "SellerAdmin",
    "SessionAdmin",
    "UserAdmin",
]
