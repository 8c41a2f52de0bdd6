"""Between event dataclasses and camelCase JSON. Free of Django.

Each dataclass gets a msgspec Struct with the same fields under their wire names, which checks, renames
and describes itself; mappings keep their keys as they are.
"""

import re
import sys
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from ecommerce.events.privacy import refuse_personal_data

T = TypeVar("T")
_STRUCTS: dict[type, type[msgspec.Struct]] = {}
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""The escape, and not a backslash of the text before u0000."""
_LARGEST = sys.float_info.max
_Finite = Annotated[float, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)]
"""What JSON calls a number: it has no infinity and no NaN, which would be written as null."""


def to_json(fact: Any) -> bytes:
    """JSON under camelCase names. Raises msgspec.ValidationError (a ValueError) on a wrong type.

    The Struct that checks it is the one that ``schema_of`` describes.
    """
    payload = msgspec.json.encode(
        msgspec.convert(fact, struct_of(type(fact)), from_attributes=True)
    )
    if b"\\" in payload and _NUL.search(payload):  # one byte is looked for in no time
        raise ValueError("a text holds a NUL character, which the log cannot keep")
    return payload


def from_payload(payload: dict[str, Any], cls: type[T]) -> T:
    """Read a payload into a dataclass, ignoring fields that it does not have."""
    wired = msgspec.convert(payload, struct_of(cls))
    return msgspec.convert(wired, cls, from_attributes=True)


def schema_of(cls: type) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the payload."""
    schema = msgspec.json.schema(struct_of(cls))
    definitions = schema.pop("$defs", {})
    root = schema.pop("$ref").rsplit("/", 1)[1]
    schema = {**definitions.pop(root), **schema}
    if definitions:
        schema["$defs"] = definitions
    limitless: dict[str, Any] = _without_limits(schema)
    return limitless


def _without_limits(schema: Any) -> Any:
    """Without those of ``_Finite``: in JSON there is nothing beyond them."""
    if isinstance(schema, list):
        return [_without_limits(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("maximum") == _LARGEST:
        schema = {name: schema[name] for name in schema.keys() - {"minimum", "maximum"}}
    return {name: _without_limits(part) for name, part in schema.items()}


def struct_of(cls: type) -> type[msgspec.Struct]:
    """The Struct that mirrors a dataclass; made once."""
    if cls not in _STRUCTS:
        _STRUCTS[cls] = _mirror(cls)
    return _STRUCTS[cls]


def _mirror(cls: type) -> type[msgspec.Struct]:
    if not is_dataclass(cls):
        raise TypeError(f"{cls.__name__} is not a dataclass")
    hints = get_type_hints(cls, include_extras=True)
    refuse_personal_data(cls.__name__, hints)
    members = [_member(field, _wired(hints[field.name])) for field in fields(cls)]
    return msgspec.defstruct(cls.__name__, members, rename="camel", kw_only=True, frozen=True)


def _member(field: Any, kind: Any) -> Any:
    if field.default is not MISSING:
        return field.name, kind, field.default
    if field.default_factory is not MISSING:
        return field.name, kind, msgspec.field(default_factory=field.default_factory)
    return field.name, kind


def _wired(kind: Any) -> Any:
    if kind is datetime:
        return _Moment
    if kind is float:
        return _Finite
    if isinstance(kind, type) and is_dataclass(kind):
        return struct_of(kind)
    arguments = get_args(kind)
    if not arguments:
        return kind
    parts = tuple(part if part is Ellipsis else _wired(part) for part in arguments)
    if get_origin(kind) in (Union, UnionType):
        return Union[parts]  # noqa: UP007  # built from a tuple
    return kind.copy_with(parts) if hasattr(kind, "copy_with") else get_origin(kind)[parts]
