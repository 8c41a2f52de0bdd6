"""Looking at the log as it grows."""

from collections.abc import Iterator
from typing import Any

from ecommerce.events.envelope import Envelope
from ecommerce.events.log import read_where

_BATCH = 500


def newest(limit: int, *, type_pattern: str = "*", key: str | None = None) -> list[Envelope]:
    """The last events that match, oldest of them first."""
    where, values = _matching(type_pattern, key)
    return read_where(f"WHERE {where} ORDER BY position DESC LIMIT %s", [*values, limit])[::-1]


def later_than(
    position: int, *, type_pattern: str = "*", key: str | None = None
) -> Iterator[Envelope]:
    """The events after a position that match, in order, up to the present end of the log."""
    where, values = _matching(type_pattern, key)
    while True:
        found = read_where(
            f"WHERE position > %s AND {where} ORDER BY position LIMIT {_BATCH}", [position, *values]
        )
        yield from found
        if len(found) < _BATCH:
            return
        position = found[-1].position


def _matching(type_pattern: str, key: str | None) -> tuple[str, list[Any]]:
    like = (
        type_pattern.replace("\\", "\\\\").replace("_", r"\_").replace("%", r"\%").replace("*", "%")
    )
    if key is None:
        return "event_type LIKE %s", [like]
    return "event_type LIKE %s AND partition_key = %s", [like, key]
