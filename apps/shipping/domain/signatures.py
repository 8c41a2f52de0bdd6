"""Timestamped signatures of carriers' webhooks: ``t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">``."""

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

    Several secrets are for the days of a rotation. Comparing takes the same time either way.
    """
    parts = dict(part.strip().partition("=")[::2] for part in header.split(","))
    stamp, digest = parts.get("t", ""), parts.get("v1", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    if abs(now.timestamp() - int(stamp)) > TOLERANCE_SECONDS:
        return False
    matches = [
        hmac.compare_digest(_digest(body, secret, int(stamp)).encode(), digest.encode())
        for secret in secrets
    ]
    return any(matches)


def _digest(body: bytes, secret: str, timestamp: int) -> str:
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
