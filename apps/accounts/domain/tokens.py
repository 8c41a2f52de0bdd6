"""Signing and reading JSON Web Tokens (RFC 7519), with the mistakes of RFC 8725 shut out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt

ACCESS = "at+jwt"
REFRESH = "rt+jwt"
ALGORITHM = "HS256"
LEEWAY = timedelta(seconds=2)
"""How far the clocks of our own machines may differ."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyRing:
    """Signing keys by id; the first one signs, all of them verify."""

    keys: Mapping[str, bytes]
    issuer: str
    audience: str

    @property
    def signing_key_id(self) -> str:
        return next(iter(self.keys))


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims:
    """What a token says, once its signature is found good."""

    user_id: UUID
    session_id: UUID
    token_id: UUID
    expires_at: datetime
    roles: Sequence[str] = ()
    seller: str | None = None


class BadToken(Exception):
    """Not one of our tokens, or not of this kind, or not now."""


def sign(ring: KeyRing, claims: Claims, *, kind: str, now: datetime) -> str:
    """A token of one kind (ACCESS, REFRESH), good from ``now`` until it expires."""
    payload = {
        "iss": ring.issuer,
        "aud": ring.audience,
        "sub": str(claims.user_id),
        "sid": str(claims.session_id),
        "jti": str(claims.token_id),
        "iat": now,
        "nbf": now,
        "exp": claims.expires_at,
    }
    if kind == ACCESS:
        payload |= {"roles": sorted(claims.roles), "seller": claims.seller}
    key_id = ring.signing_key_id
    return jwt.encode(
        payload, ring.keys[key_id], algorithm=ALGORITHM, headers={"kid": key_id, "typ": kind}
    )


def read(ring: KeyRing, token: str, *, kind: str) -> Claims:
    """The claims of a token of ours. Raises BadToken, whatever is wrong with it.

    The algorithm is pinned here and never taken from the token; the key id only chooses among
    our own keys.
    """
    try:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != kind:
            raise BadToken("kind")
        key = ring.keys[header["kid"]]
        payload = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=ring.audience,
            issuer=ring.issuer,
            leeway=LEEWAY,
            options={"require": ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"]},
        )
        return _claims(payload)
    except (jwt.PyJWTError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadToken(type(error).__name__) from error


def _claims(payload: Mapping[str, object]) -> Claims:
    roles = payload.get("roles", ())
    seller = payload.get("seller")
    return Claims(
        user_id=UUID(str(payload["sub"])),
        session_id=UUID(str(payload["sid"])),
        token_id=UUID(str(payload["jti"])),
        expires_at=datetime.fromtimestamp(float(str(payload["exp"])), tz=UTC),
        roles=tuple(roles) if isinstance(roles, list) else (),
        seller=seller if isinstance(seller, str) else None,
    )
