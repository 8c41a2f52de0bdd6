"""Signing keys by id: from the settings, or derived from SECRET_KEY for each purpose."""

import hashlib
import hmac
from collections.abc import Mapping
from functools import cache

from django.conf import settings


def signing_keys(purpose: str, configured: Mapping[str, str]) -> Mapping[str, bytes]:
    """The keys of one purpose: the first signs, all of them verify.

    ``configured`` is a setting of the form ``new:secret,old:secret``. Without one, the keys are
    derived from SECRET_KEY and its fallbacks, so they change when it does.
    """
    if configured:
        return {name: key.encode() for name, key in configured.items()}
    return _derived(purpose, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def derived_key(purpose: str) -> bytes:
    """One key derived from SECRET_KEY, for what nobody keeps for long."""
    return next(iter(_derived(purpose, (settings.SECRET_KEY,)).values()))


@cache
def _derived(purpose: str, secrets: tuple[str, ...]) -> Mapping[str, bytes]:
    keys = [hmac.digest(secret.encode(), purpose.encode(), "sha256") for secret in secrets]
    return {hashlib.sha256(b"id" + key).hexdigest()[:8]: key for key in keys}
