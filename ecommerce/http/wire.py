"""JSON in and out by orjson, with the bounds that keep a hostile body from becoming a bug."""

from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from django.utils.functional import Promise
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

MAX_DEPTH = 64
MAX_PARTS = 50_000
"""So many objects and lists may a body have: each costs a hundred times what its two bytes do."""
_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z


class BodyTooLarge(APIException):
    """The body is larger than this endpoint takes (413)."""

    status_code = 413
    default_code = "body-too-large"
    default_detail = "The request body is too large."


def to_json(value: Any) -> bytes:
    """Ready JSON: UUIDs, dates, enums and dataclasses as they are, Decimals as strings."""
    return orjson.dumps(value, default=_plain, option=_OPTIONS)


def canonical_json(value: Any) -> bytes:
    """JSON that is equal for equal values, whatever the order of their members."""
    return orjson.dumps(value, default=_plain, option=_OPTIONS | orjson.OPT_SORT_KEYS)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, Promise) or not hasattr(value, "__iter__"):
        return str(value)
    return list(value)


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else to_json(data)


def read_bounded(stream: IO[bytes]) -> bytes:
    """The body, up to DATA_UPLOAD_MAX_MEMORY_SIZE. Raises BodyTooLarge before it is read in whole."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = stream.read(limit + 1)
    if len(body) > limit:
        raise BodyTooLarge
    return body


class JSONParser(BaseParser):
    """Refuses what PostgreSQL cannot store (NUL), what overflows a stack, and what is too large."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = read_bounded(stream)
        if body.count(b"[") + body.count(b"{") > MAX_PARTS:
            raise BodyTooLarge(f"The body has more than {MAX_PARTS} objects and lists.")
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ParseError(f"The body is not JSON: {error}") from error
        _refuse_hostile(body, value)
        return value


def _refuse_hostile(body: bytes, value: Any) -> None:
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise ParseError(f"The body is nested deeper than {MAX_DEPTH} levels.")
    if b"\\u0000" in body and any("\x00" in text for text in _strings(value)):
        raise ParseError("The body holds a NUL character, which cannot be stored.")


def _depth(value: Any) -> int:
    depth, level = 0, _containers([value])
    while level:
        depth += 1
        level = [
            child
            for node in level
            for child in _containers(node.values() if isinstance(node, dict) else node)
        ]
    return depth


def _containers(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if isinstance(value, (dict, list))]


def _strings(value: Any) -> Iterator[str]:
    stack = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            stack += [*node.keys(), *node.values()]
        elif isinstance(node, list):
            stack += node
