"""The tables of accounts."""

from apps.accounts.models.address import Address
from apps.accounts.models.dimension import Channel, Merchant, Seller
from apps.accounts.models.login import LoginGuard
from apps.accounts.models.session import Session
from apps.accounts.models.user import Preferences, User

__all__ = [
    "Address",
    "Channel",
    "LoginGuard",
    "Merchant",
    "Preferences",
    "Seller",
    "Session",
    "User",
]
