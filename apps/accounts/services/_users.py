"""What operators and admins do with others' accounts."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.accounts import models, queries
from apps.accounts.domain.roles import faults_of_roles
from apps.accounts.errors import InvalidRoles, UserNotFound
from apps.accounts.events import UserDeactivated, UserRolesChanged
from apps.accounts.services._tokens import revoke
from apps.accounts.services._viewer import forget_sessions
from apps.accounts.types import User
from ecommerce.audit import record
from ecommerce.errors import Fault, Forbidden
from ecommerce.events import publish
from ecommerce.http.pagination import Page
from ecommerce.identity import ADMIN, ROLES, Viewer

USER_ORDER = queries.USER_ORDER


def list_users(
    *, viewer: Viewer, search: str = "", role: str | None = None, page: Page
) -> tuple[tuple[User, ...], bool]:
    """Users newest first and whether there are more, for the back office. Raises Forbidden."""
    _require_staff(viewer)
    return queries.users_page(search=search, role=role, page=page)


def get_user(*, user_id: UUID, viewer: Viewer) -> User:
    """Any user, for the back office. Raises Forbidden or UserNotFound."""
    _require_staff(viewer)
    user = models.User.objects.filter(id=user_id).first()
    if user is None:
        raise UserNotFound
    return queries.user_view(user)


@transaction.atomic
def assign_roles(
    *, user_id: UUID, roles: Collection[str], seller: str | None, viewer: Viewer, now: datetime
) -> User:
    """Give a user exactly these roles. Admins only; effective within five seconds.

    Raises Forbidden, UserNotFound or InvalidRoles: for unknown roles, a seller role without a
    seller (or the reverse), and for admins who would take admin from themselves.
    """
    _require_admin(viewer)
    user = _locked(user_id)
    _check_roles(roles, seller, own=user_id == viewer.user_id)
    before = {"roles": list(user.roles), "seller": user.seller_id}
    given = [role for role in ROLES if role in roles]
    after = {"roles": given, "seller": seller}
    if after != before:
        user.roles, user.seller_id = given, seller
        _save(user, ["roles", "seller"], now)
        record(
            action="accounts.user.roles_changed",
            entity_type="user",
            entity_id=user_id,
            actor=viewer,
            changes={"before": before, "after": after},
        )
        publish(UserRolesChanged(user_id=user_id, roles=tuple(user.roles), seller=seller))
        _take_effect(user_id)
    return queries.user_view(user)


@transaction.atomic
def set_user_active(*, user_id: UUID, active: bool, viewer: Viewer, now: datetime) -> User:
    """Lock an account and end its sessions, or unlock it. Admins only, and never their own."""
    _require_admin(viewer)
    if user_id == viewer.user_id:
        raise Forbidden("Nobody locks their own account.")
    user = _locked(user_id)
    if user.is_active != active:
        user.is_active = active
        _save(user, ["is_active"], now)
        verb = "unlocked" if active else "locked"
        record(action=f"accounts.user.{verb}", entity_type="user", entity_id=user_id, actor=viewer)
        if not active:
            revoke(user_id, reason="account-locked", now=now)
            publish(UserDeactivated(user_id=user_id))
    return queries.user_view(user)


def _locked(user_id: UUID) -> models.User:
    user = models.User.objects.select_for_update().filter(id=user_id).first()
    if user is None:
        raise UserNotFound
    return user


def _save(user: models.User, fields: list[str], now: datetime) -> None:
    user.version += 1
    user.updated_at = now
    user.save(update_fields=[*fields, "version", "updated_at"])


def _check_roles(roles: Collection[str], seller: str | None, *, own: bool) -> None:
    faults = faults_of_roles(roles, seller, own=own)
    if seller is not None and not models.Seller.objects.filter(code=seller).exists():
        detail = "There is no such seller."
        faults = (*faults, Fault(pointer="/seller", detail=detail, code="unknown"))
    if faults:
        raise InvalidRoles(faults=faults)


def _take_effect(user_id: UUID) -> None:
    ids = models.Session.objects.filter(user_id=user_id, revoked_at=None).values_list(
        "id", flat=True
    )
    live = list(ids)
    transaction.on_commit(lambda: forget_sessions(*live))


def _require_staff(viewer: Viewer) -> None:
    if not viewer.is_staff:
        raise Forbidden


def _require_admin(viewer: Viewer) -> None:
    if not viewer.has_any(ADMIN):
        raise Forbidden("Only an admin may.")
