"""What the sandbox answers, and how it reads what it is asked."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Reply:
    """A status with JSON, or with bytes of another kind; sent at once, byte by byte, or far too long."""

    status: int
    body: Any = field(default_factory=dict)
    content: bytes | None = None
    content_type: str = "application/json"
    manner: Literal["", "trickle", "flood"] = ""


class Refusal(Exception):
    """The request makes no sense here."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.reply = Reply(status, {"code": code, "detail": detail})


def text(body: dict[str, Any], name: str, *, default: str | None = None) -> str:
    """A string of the body."""
    value = body.get(name, default)
    if not isinstance(value, str) or (default is None and not value):
        raise Refusal(422, "invalid", f"{name} must be a string")
    return value


def uuid_text(body: dict[str, Any], name: str) -> str:
    """A UUID of the body, in its one spelling."""
    try:
        return str(UUID(text(body, name)))
    except ValueError:
        raise Refusal(422, "invalid", f"{name} must be a UUID") from None


def whole(body: dict[str, Any], name: str) -> int:
    """A number of minor units, grams or the like: above zero."""
    value = body.get(name)
    if type(value) is not int or value < 1:
        raise Refusal(422, "invalid", f"{name} must be a whole number above zero")
    return value


def instant(seconds: float) -> str:
    """A time as RFC 3339."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
