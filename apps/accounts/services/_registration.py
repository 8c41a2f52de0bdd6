"""New accounts, and their passwords."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.accounts import models, queries
from apps.accounts.domain.email import normal_email
from apps.accounts.errors import (
    EmailTaken,
    UserNotFound,
    WeakPassword,
    WrongCredentials,
    WrongPassword,
)
from apps.accounts.events import UserRegistered
from apps.accounts.services._sign_in import check_credentials
from apps.accounts.services._tokens import revoke
from apps.accounts.types import Register, User
from ecommerce.audit import record
from ecommerce.errors import Fault
from ecommerce.events import publish
from ecommerce.identity import Viewer


def register(command: Register, *, now: datetime) -> User:
    """Open an account as a customer. Raises EmailTaken or WeakPassword.

    It says when an e-mail has an account already: see docs/decisions on tokens and sessions.
    """
    user = models.User(
        email=normal_email(command.email),
        first_name=command.first_name,
        last_name=command.last_name,
        phone=command.phone,
        locale=command.locale,
        created_at=now,
        updated_at=now,
    )
    _set_password(user, command.password, pointer="/password")
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            publish(UserRegistered(user_id=user.id, locale=user.locale))
    except IntegrityError as error:
        fault = Fault(pointer="/email", detail="It has an account already.", code="unique")
        raise EmailTaken(faults=[fault]) from error
    return queries.user_view(user)


def change_password(
    *, user_id: UUID, session_id: UUID | None, current: str, new: str, now: datetime
) -> None:
    """Change the password and end every other session.

    Raises WrongPassword (which counts for the account's lock), TooManyAttempts or WeakPassword.
    """
    user = models.User.objects.filter(id=user_id).first()
    if user is None:
        raise UserNotFound
    _check_current(user, current, now)
    _set_password(user, new, pointer="/newPassword")
    with transaction.atomic():
        user.updated_at = now
        user.save(update_fields=["password", "updated_at"])
        ended = revoke(user_id, but=session_id, reason="password-changed", now=now)
        record(
            action="accounts.password.changed",
            entity_type="user",
            entity_id=user_id,
            actor=Viewer(user_id=user_id, roles=frozenset(user.roles)),
            changes={"sessionsEnded": ended},
        )


def _check_current(user: models.User, password: str, now: datetime) -> None:
    try:
        check_credentials(email=user.email, password=password, now=now)
    except WrongCredentials as error:
        fault = Fault(pointer="/currentPassword", detail="Not your password.", code="wrong")
        raise WrongPassword(faults=[fault]) from error


def _set_password(user: models.User, password: str, *, pointer: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword(
            faults=[
                Fault(pointer=pointer, detail=str(one.messages[0]), code=str(one.code))
                for one in error.error_list
            ]
        ) from error
    user.set_password(password)
