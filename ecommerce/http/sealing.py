"""Stored answers are sealed: they hold what only the caller may see, tokens and addresses among it."""

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ecommerce.errors import Conflict
from ecommerce.keys import derived_key, signing_keys

_PURPOSE = "ecommerce.http.idempotency"
_NONCE = 12


class AnswerLost(Conflict):
    """The command was done before; its answer was sealed with a key that is gone."""

    code = "idempotency/answer-lost"
    title = "It was done, and its answer cannot be repeated"


def fingerprints(digest: bytes) -> tuple[bytes, ...]:
    """A request's digest, keyed so that nobody who reads the table can guess what a body held.

    By the present key first, then by the earlier ones.
    """
    keys = signing_keys(f"{_PURPOSE}.fingerprint", {}).values()
    return tuple(hmac.digest(key, digest, "sha256") for key in keys)


def seal(body: bytes, *, of: bytes) -> bytes:
    """Encrypt an answer (AES-256-GCM), bound to the command that it is the answer of."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(derived_key(_PURPOSE)).encrypt(nonce, body, of)


def unseal(sealed: bytes, *, of: bytes) -> bytes:
    """The answer again, by the present key or an earlier one. Raises AnswerLost."""
    for key in signing_keys(_PURPOSE, {}).values():
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], of)
        except InvalidTag:
            continue
    raise AnswerLost
