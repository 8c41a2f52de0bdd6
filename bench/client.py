"""What a scenario may ask of the shop, and whatever carries it there."""

import json
from typing import Any, Protocol

COUNT = "X-Count-Statements"
"""Asks the server to count; it answers under the same name."""


class Client(Protocol):
    """One buyer's connection."""

    kept: dict[str, Any] | None
    """What the buyer comes back to over several turns (a cart, say); None at first."""

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send JSON and read JSON; anything but success stops the measurement."""
        ...


def encoded(body: Any) -> bytes | None:
    """A body that is bytes already is sent as it is."""
    if body is None or isinstance(body, bytes):
        return body
    return json.dumps(body).encode()


def decoded(method: str, path: str, status: int, content: bytes) -> Any:
    """The answer's JSON. Raises RuntimeError for anything but success."""
    if status not in (200, 201, 202):
        raise RuntimeError(f"{method} {path}: {status} {content[:300]!r}")
    return json.loads(content) if content else None
