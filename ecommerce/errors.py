"""The few shapes in which the shop says no. Apps subclass them with a code of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing that is wrong with the input, and where."""

    pointer: str
    """RFC 6901 JSON Pointer into the request body (``/lines/0/quantity``), or ``?name`` of a query parameter."""
    detail: str
    code: str = "invalid"


class ShopError(Exception):
    """A refusal: expected, explained, never logged as a bug.

    ``facts`` are extra members of the problem document, in snake_case: plain JSON values only.
    """

    code: ClassVar[str] = "error"
    title: ClassVar[str] = "The request was refused"

    def __init__(self, detail: str = "", *, faults: Sequence[Fault] = (), **facts: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.faults = tuple(faults)
        self.facts: Mapping[str, Any] = facts


class Invalid(ShopError):
    """The input cannot mean anything here (422)."""

    code = "invalid"
    title = "The input is not valid"


class Unauthenticated(ShopError):
    """We do not know who asks (401)."""

    code = "unauthenticated"
    title = "Sign in first"


class Forbidden(ShopError):
    """We know who asks, and they may not (403)."""

    code = "forbidden"
    title = "Not allowed"


class NotFound(ShopError):
    """There is no such thing, or none that the caller may know of (404)."""

    code = "not-found"
    title = "Not found"


class Conflict(ShopError):
    """The state of things does not allow it now (409)."""

    code = "conflict"
    title = "Not possible in the present state"


class StaleVersion(ShopError):
    """Someone changed it since the caller read it (412)."""

    code = "stale-version"
    title = "Changed in the meantime"


class VersionRequired(ShopError):
    """The caller must say which version they mean to change (428)."""

    code = "version-required"
    title = "Send If-Match"


class TooMany(ShopError):
    """Too often (429). ``retry_after_seconds`` among the facts becomes Retry-After."""

    code = "too-many-requests"
    title = "Too many requests"


class Unavailable(ShopError):
    """Something that we depend on does not answer (503). Facts as in TooMany."""

    code = "unavailable"
    title = "Not available for now"


def kept_reason(error: BaseException) -> str:
    """An error in words that may be kept in a table and in a log: what a refusal says, else its class.

    What PostgreSQL adds quotes the row (``DETAIL: Failing row contains …``), and with it anybody's data; of
    its errors the code and the constraint's name stay.
    """
    name = type(error).__name__
    if isinstance(error, ShopError):
        return f"{name}: {error.detail}"
    cause = error.__cause__ or error
    constraint = getattr(getattr(cause, "diag", None), "constraint_name", None)
    return " ".join(
        str(part) for part in (name, getattr(cause, "sqlstate", None), constraint) if part
    )
