"""The keys that sign tokens, from the settings."""

import hmac

from django.conf import settings

from apps.accounts.domain.email import normal_email
from apps.accounts.domain.tokens import KeyRing
from ecommerce.keys import derived_key, signing_keys


def key_ring() -> KeyRing:
    """JWT_KEYS (``new:secret,old:secret``: the first signs), or keys derived from SECRET_KEY."""
    return KeyRing(
        keys=signing_keys("jwt", settings.JWT_KEYS),
        issuer=settings.JWT_ISSUER,
        audience=settings.JWT_AUDIENCE,
    )


def account_key(email: str) -> str:
    """A name for an account, known or not, that nobody without our key can turn back."""
    return hmac.digest(derived_key("login-guard"), normal_email(email).encode(), "sha256").hex()
