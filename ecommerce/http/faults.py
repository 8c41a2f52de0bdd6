"""DRF's nested error lists as flat faults, each with a JSON Pointer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rest_framework.settings import api_settings

from ecommerce.errors import Fault


def faults_of(detail: Any, *, query: bool = False) -> tuple[Fault, ...]:
    """What a ValidationError says, one fault per message, in order."""
    return tuple(_walk(detail, "", query))


def _walk(detail: Any, pointer: str, query: bool) -> Iterator[Fault]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _walk(inner, _below(pointer, str(name)), query)
    elif isinstance(detail, Sequence) and not isinstance(detail, str):
        for position, inner in enumerate(detail):
            nested = not isinstance(inner, str)
            yield from _walk(inner, _below(pointer, str(position)) if nested else pointer, query)
    else:
        where = "?" + pointer.removeprefix("/") if query else pointer
        yield Fault(
            pointer=where, detail=str(detail), code=getattr(detail, "code", None) or "invalid"
        )


def _below(pointer: str, name: str) -> str:
    if name == api_settings.NON_FIELD_ERRORS_KEY:
        return pointer
    return f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"


def faults_at(number: int, body: Any, pointer: str = "") -> list[Fault]:
    """Where a body has a number that cannot be stored: nowhere if it was computed from others."""
    if isinstance(body, Mapping):
        parts: Iterable[tuple[object, Any]] = body.items()
    elif isinstance(body, list):
        parts = enumerate(body)
    else:
        same = type(body) is int and body == number
        return (
            [Fault(pointer=pointer, detail=f"{number} is too much.", code="range")] if same else []
        )
    return [
        fault
        for name, part in parts
        for fault in faults_at(number, part, _below(pointer, str(name)))
    ]
