"""Keyset pagination: a page is found by where the last one ended, never by counting rows."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare

from ecommerce.errors import Fault, Invalid
from ecommerce.http.wire import to_json

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
_SEAL = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What a list endpoint was asked for: how many, and from where on."""

    size: int = PAGE_SIZE
    after: tuple[Any, ...] | None = None
    """The order values of the row that this page lies behind (or, backwards, before)."""
    backwards: bool = False


class BadCursor(Invalid):
    code = "invalid/cursor"
    title = "The cursor is not one of ours"


def slice_of(
    queryset: "QuerySet[Any]", *, order: Sequence[str], page: Page
) -> tuple[list[Any], bool]:
    """The rows of a page in the order asked for, and whether there are more beyond it."""
    columns = [_column(name) for name in order]
    directed = [
        f"{'-' if descending != page.backwards else ''}{name}" for name, descending in columns
    ]
    if page.after is not None:
        queryset = queryset.filter(_beyond(columns, page.after, page.backwards))
    rows = list(queryset.order_by(*directed)[: page.size + 1])
    more = len(rows) > page.size
    rows = rows[: page.size]
    return (rows[::-1] if page.backwards else rows), more


def _column(name: str) -> tuple[str, bool]:
    return name.removeprefix("-"), name.startswith("-")


def _beyond(columns: Sequence[tuple[str, bool]], after: Sequence[Any], backwards: bool) -> Q:
    """(a, b) behind (x, y), written so that an index on (a, b) is used: a ≥ x and (a > x or b > y)."""
    (name, descending), value = columns[0], after[0]
    beyond = "lt" if descending != backwards else "gt"
    strictly = Q(**{f"{name}__{beyond}": value})
    if len(columns) == 1:
        return strictly
    return Q(**{f"{name}__{beyond}e": value}) & (
        strictly | _beyond(columns[1:], after[1:], backwards)
    )


def cursor_of(row: Any, order: Sequence[str], *, backwards: bool) -> str:
    values = [_tagged(_value_of(row, _column(name)[0])) for name in order]
    ready = to_json([int(backwards), list(order), values])
    return base64.urlsafe_b64encode(_seal(ready) + ready).rstrip(b"=").decode()


def _seal(ready: bytes) -> bytes:
    """A cursor is ours or it is refused, so no value of a caller's making reaches a query."""
    return hmac.digest(_key(settings.SECRET_KEY), ready, "sha256")[:_SEAL]


@cache
def _key(secret: str) -> bytes:
    """A key of its own for cursors, derived once."""
    return hashlib.sha256(b"ecommerce.http.cursor" + secret.encode()).digest()


def _value_of(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, Mapping) else attrgetter(name.replace("__", "."))(row)


_READ: dict[str, Callable[[Any], Any]] = {
    "u": UUID,
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "n": Decimal,
    "i": int,
    "s": str,
}
_TAGS: tuple[tuple[type, str], ...] = (
    (UUID, "u"),
    (datetime, "t"),
    (date, "d"),
    (Decimal, "n"),
    (int, "i"),
    (str, "s"),
)


def _tagged(value: Any) -> list[Any]:
    tag = next(tag for kind, tag in _TAGS if isinstance(value, kind))
    if tag in "is":
        return [tag, value]
    return [tag, value.isoformat() if tag in "td" else str(value)]


def read_cursor(cursor: str, order: Sequence[str]) -> tuple[bool, tuple[Any, ...]]:
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except (UnicodeError, binascii.Error) as error:
        raise _bad() from error
    if not constant_time_compare(raw[:_SEAL], _seal(raw[_SEAL:])):
        raise _bad()
    backwards, made_for, values = orjson.loads(raw[_SEAL:])
    if made_for != list(order):
        raise _bad()
    return bool(backwards), tuple(_READ[tag](value) for tag, value in values)


def _bad() -> BadCursor:
    return BadCursor(
        "Take the cursor from next or previous of this list.",
        faults=[Fault(pointer="?cursor", detail="Not a cursor of this list.", code="cursor")],
    )
