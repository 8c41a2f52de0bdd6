"""The keys that sign tokens, from the settings."""

import hmac
from functools import cache

from django.conf import settings

from apps.accounts.domain.tokens import KeyRing


def key_ring() -> KeyRing:
    """JWT_KEYS (``new:secret,old:secret``: the first signs), or one key derived from SECRET_KEY."""
    return _ring(tuple(settings.JWT_KEYS.items()), settings.SECRET_KEY)


def account_key(email: str) -> str:
    """A name for an e-mail that nobody without our key can turn back."""
    return _derive(settings.SECRET_KEY, f"login-guard:{email}").hex()


@cache
def _ring(keys: tuple[tuple[str, str], ...], secret: str) -> KeyRing:
    return KeyRing(
        keys={name: key.encode() for name, key in keys} or {"default": _derive(secret, "jwt")},
        issuer=settings.JWT_ISSUER,
        audience=settings.JWT_AUDIENCE,
    )


def _derive(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), purpose.encode(), "sha256")
