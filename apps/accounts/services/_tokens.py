"""Sessions, and the tokens that stand for them."""

from datetime import datetime
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction

from apps.accounts import models
from apps.accounts.domain.tokens import ACCESS, REFRESH, BadToken, Claims, read, sign
from apps.accounts.errors import InvalidToken
from apps.accounts.services._keys import key_ring
from apps.accounts.services._viewer import forget_sessions
from apps.accounts.types import Tokens
from ecommerce.audit import record
from ecommerce.ids import new_id

log = structlog.get_logger(__name__)


def open_session(user: models.User, *, device: str, now: datetime) -> Tokens:
    """A new session of a user whose password was right."""
    session = models.Session.objects.create(
        user=user,
        device=device[:200],
        created_at=now,
        last_used_at=now,
        expires_at=now + settings.JWT_REFRESH_LIFETIME,
    )
    return _tokens(session, user, now)


def refresh_tokens(*, refresh_token: str, now: datetime) -> Tokens:
    """New tokens for a refresh token, which is then used up. Raises InvalidToken.

    A refresh token that comes a second time was stolen, by the first or by the second who showed
    it: the whole session ends (RFC 9700 section 4.14.2).
    """
    try:
        claims = read(key_ring(), refresh_token, kind=REFRESH)
    except BadToken as error:
        raise InvalidToken from error
    tokens = _rotate(claims, now)
    if tokens is None:
        raise InvalidToken
    return tokens


@transaction.atomic(durable=True)
def _rotate(claims: Claims, now: datetime) -> Tokens | None:
    session = (
        models.Session.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(id=claims.session_id, user_id=claims.user_id, revoked_at=None, expires_at__gt=now)
        .first()
    )
    if session is None or not session.user.is_active:
        return None
    if session.refresh_id != claims.token_id:
        _revoke_reused(session, now)
        return None
    session.refresh_id = new_id()
    session.last_used_at = now
    session.expires_at = min(
        now + settings.JWT_REFRESH_LIFETIME, session.created_at + settings.JWT_SESSION_LIFETIME
    )
    session.save(update_fields=["refresh_id", "last_used_at", "expires_at"])
    return _tokens(session, session.user, now)


def revoke(
    user_id: UUID, *, reason: str, now: datetime, only: UUID | None = None, but: UUID | None = None
) -> int:
    """End a user's sessions: all, only one, or all but one. In the caller's transaction."""
    sessions = models.Session.objects.filter(user_id=user_id, revoked_at=None)
    if only is not None:
        sessions = sessions.filter(id=only)
    if but is not None:
        sessions = sessions.exclude(id=but)
    ids = list(sessions.select_for_update().order_by("id").values_list("id", flat=True))
    models.Session.objects.filter(id__in=ids).update(revoked_at=now, revoked_reason=reason)
    transaction.on_commit(lambda: forget_sessions(*ids))
    return len(ids)


def _revoke_reused(session: models.Session, now: datetime) -> None:
    session.revoked_at = now
    session.revoked_reason = "refresh-token-reused"
    session.save(update_fields=["revoked_at", "revoked_reason"])
    record(
        action="accounts.session.reuse_detected",
        entity_type="user",
        entity_id=session.user_id,
        changes={"sessionId": str(session.id)},
    )
    log.warning("accounts.refresh_token_reused", session_id=str(session.id))
    transaction.on_commit(lambda: forget_sessions(session.id))


def _tokens(session: models.Session, user: models.User, now: datetime) -> Tokens:
    ring = key_ring()
    access = Claims(
        user_id=user.id,
        session_id=session.id,
        token_id=new_id(),
        expires_at=now + settings.JWT_ACCESS_LIFETIME,
        roles=tuple(user.roles),
        seller=user.seller_id,
    )
    refresh = Claims(
        user_id=user.id,
        session_id=session.id,
        token_id=session.refresh_id,
        expires_at=session.expires_at,
    )
    return Tokens(
        access_token=sign(ring, access, kind=ACCESS, now=now),
        refresh_token=sign(ring, refresh, kind=REFRESH, now=now),
        token_type="Bearer",  # noqa: S106  # the scheme of RFC 6750
        expires_in=int(settings.JWT_ACCESS_LIFETIME.total_seconds()),
        refresh_expires_at=session.expires_at,
        session_id=session.id,
        user_id=user.id,
    )
