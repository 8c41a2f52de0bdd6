"""Signing in and out."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import (
    UNUSABLE_PASSWORD_PREFIX,
    check_password,
    make_password,
)
from django.db import transaction

from apps.accounts import models, queries
from apps.accounts.domain.email import normal_email
from apps.accounts.errors import SessionNotFound, WrongCredentials
from apps.accounts.events import GuestSignedIn
from apps.accounts.services._guard import forgive, take_attempt
from apps.accounts.services._tokens import open_session, revoke
from apps.accounts.types import Session, Tokens
from ecommerce.events import publish


def sign_in(
    *, email: str, password: str, device: str, now: datetime, guest_token_hash: str | None = None
) -> Tokens:
    """Open a session, and tell whom the guest turned out to be. Raises WrongCredentials or TooManyAttempts.

    An unknown e-mail, a wrong password and a locked account get the same answer in the same time.
    """
    user = _verified(email, password, now)
    with transaction.atomic():
        tokens = open_session(user, device=device, now=now)
        if guest_token_hash is not None:
            publish(GuestSignedIn(user_id=user.id, guest_token_hash=guest_token_hash))
    return tokens


def check_credentials(*, email: str, password: str, now: datetime) -> UUID:
    """Whose credentials these are, without opening a session. Raises as sign_in."""
    return _verified(email, password, now).id


@transaction.atomic
def sign_out(*, user_id: UUID, session_id: UUID | None, now: datetime) -> None:
    """End the session that the caller signed in by. Repeating it changes nothing."""
    if session_id is not None:
        revoke(user_id, only=session_id, reason="signed-out", now=now)


@transaction.atomic
def sign_out_everywhere(*, user_id: UUID, now: datetime) -> int:
    """End every session of the user; how many there were."""
    return revoke(user_id, reason="signed-out-everywhere", now=now)


@transaction.atomic
def end_session(*, user_id: UUID, session_id: UUID, now: datetime) -> None:
    """End one session of the user. Raises SessionNotFound for another's, and for one that is over."""
    if not revoke(user_id, only=session_id, reason="ended-by-user", now=now):
        raise SessionNotFound


def list_sessions(*, user_id: UUID, current: UUID | None) -> tuple[Session, ...]:
    """Where the user is signed in, last used first."""
    return queries.live_sessions(user_id, current)


def _verified(email: str, password: str, now: datetime) -> models.User:
    take_attempt(email, now=now)
    user = models.User.objects.filter(email=normal_email(email)).first()
    matches = _matches(user, password)
    if user is None or not matches or not user.is_active:
        raise WrongCredentials
    forgive(email)
    return user


def _matches(user: models.User | None, password: str) -> bool:
    """Django hashes once for a password that cannot match, too: the time tells nothing either."""
    if user is None:
        return check_password(password, UNUSABLE_PASSWORD_PREFIX)
    return check_password(password, user.password, setter=_renewal(user))


def _renewal(user: models.User) -> Callable[[str], None]:
    """Stores the password anew where the hasher has become stronger since."""

    def renew(raw: str) -> None:
        models.User.objects.filter(id=user.id).update(password=make_password(raw))

    return renew
