"""Timestamped signatures of webhooks: ``t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">``, as Stripe does."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

TOLERANCE_SECONDS = 300


def signature_of(body: bytes, *, secret: str, timestamp: int) -> str:
    """The header's value for a body sent at that time."""
    return f"t={timestamp},v1={_digest(body, secret, timestamp)}"


def holds(body: bytes, header: str, *, secrets: Iterable[str], now: datetime) -> bool:
    """Did someone who knows one of the secrets send this body within five minutes of now?

    Several secrets are for the days of a rotation; the header may carry several ``v1`` likewise.
    Comparisons take the same time whether they match or not.
    """
    timestamp, digests = _parts(header)
    if timestamp is None or abs(now.timestamp() - timestamp) > TOLERANCE_SECONDS:
        return False
    good = False
    for secret in secrets:
        expected = _digest(body, secret, timestamp)
        for digest in digests:
            good |= hmac.compare_digest(expected.encode(), digest.encode())
    return good


def _parts(header: str) -> tuple[int | None, list[str]]:
    timestamp: int | None = None
    digests = []
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        if name == "t" and value.isascii() and value.isdigit() and len(value) <= 12:
            timestamp = int(value)
        elif name == "v1":
            digests.append(value)
    return timestamp, digests[:5]


def _digest(body: bytes, secret: str, timestamp: int) -> str:
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
