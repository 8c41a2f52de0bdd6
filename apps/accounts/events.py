"""What accounts announces: ids and settings, nothing that tells who somebody is."""

from dataclasses import dataclass
from uuid import UUID

from ecommerce.events.registry import event


@event("ecommerce.accounts.user.registered.v1", key="user_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class UserRegistered:
    """Someone opened an account."""

    user_id: UUID
    locale: str


@event("ecommerce.accounts.user.deactivated.v1", key="user_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class UserDeactivated:
    """An account was locked: it signs in no more, and its sessions have ended."""

    user_id: UUID


@event("ecommerce.accounts.user.roles_changed.v1", key="user_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class UserRolesChanged:
    """An admin gave or took roles."""

    user_id: UUID
    roles: tuple[str, ...]
    seller: str | None


@event("ecommerce.accounts.guest.signed_in.v1", key="user_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class GuestSignedIn:
    """A guest turned out to be this user: what the guest has is known by the hash of their token."""

    user_id: UUID
    guest_token_hash: str
