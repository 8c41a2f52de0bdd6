"""Who a bearer token speaks for."""

from uuid import UUID

from apps.accounts import queries
from apps.accounts.domain.tokens import ACCESS, LEEWAY, BadToken, Claims, read
from apps.accounts.errors import InvalidToken
from apps.accounts.services._keys import key_ring
from ecommerce.clock import now
from ecommerce.identity import Viewer
from ecommerce.ttl_cache import TtlCache

REMEMBERED_SECONDS = 4
_signed_in: TtlCache[UUID, Viewer | None] = TtlCache(seconds=REMEMBERED_SECONDS)
_genuine: TtlCache[str, Claims] = TtlCache(seconds=REMEMBERED_SECONDS)
"""Tokens whose signature was found good a moment ago: checking it again costs more than all else."""


def viewer_of_token(token: str) -> Viewer:
    """The signed-in viewer, with the roles that they have now. At most one statement.

    The session is remembered for four seconds, so signing out, a change of roles and locking an
    account take effect everywhere within five. Raises InvalidToken.
    """
    return authenticate_token(token)[0]


def authenticate_token(token: str) -> tuple[Viewer, UUID]:
    """As viewer_of_token, with the id of the session."""
    try:
        claims = _genuine.get(token, lambda: read(key_ring(), token, kind=ACCESS))
    except BadToken as error:
        raise InvalidToken from error
    if claims.expires_at + LEEWAY <= now():
        raise InvalidToken
    viewer = _signed_in.get(claims.session_id, lambda: queries.live_viewer(claims.session_id))
    if viewer is None or viewer.user_id != claims.user_id:
        raise InvalidToken
    return viewer, claims.session_id


def forget_sessions(*session_ids: UUID) -> None:
    """Have this process ask the database again."""
    _signed_in.forget(*session_ids)
