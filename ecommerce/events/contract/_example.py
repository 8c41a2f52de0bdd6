"""An example of what a JSON Schema describes: the same each time."""

from collections.abc import Callable
from typing import Any

Schema = dict[str, Any]
_STRINGS = {
    "uuid": "01920000-0000-7000-8000-000000000001",
    "date-time": "2026-01-31T12:00:00Z",
    "date": "2026-01-31",
    "time": "12:00:00",
    "decimal": "0.19",
    "duration": "PT30M",
}
_KNOWN = {
    "currency": "EUR",
    "country": "DE",
    "locale": "en",
    "channel": "web",
    "seller": "house",
    "merchant": "default",
}


def example_of(schema: Schema, definitions: Schema, name: str = "") -> Any:
    """A value that the schema accepts."""
    if "$ref" in schema:
        return example_of(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions, name)
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], definitions, name)
    if "enum" in schema:
        return schema["enum"][0]
    make = _BY_TYPE.get(schema.get("type", ""))
    return make(schema, definitions, name) if make else None


def _object(schema: Schema, definitions: Schema, name: str) -> Any:
    properties = schema.get("properties")
    if properties is None:
        values = schema.get("additionalProperties")
        return {"key": example_of(values, definitions)} if isinstance(values, dict) else {}
    return {field: example_of(inner, definitions, field) for field, inner in properties.items()}


def _array(schema: Schema, definitions: Schema, name: str) -> Any:
    if "prefixItems" in schema:
        return [example_of(inner, definitions) for inner in schema["prefixItems"]]
    items = schema.get("items")
    return [example_of(items, definitions, name)] if isinstance(items, dict) else []


def _string(schema: Schema, _definitions: Schema, name: str) -> Any:
    return _STRINGS.get(schema.get("format", "")) or _KNOWN.get(name) or name or "text"


_BY_TYPE: dict[str, Callable[[Schema, Schema, str], Any]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": lambda _schema, _definitions, _name: 1,
    "number": lambda _schema, _definitions, _name: 1.0,
    "boolean": lambda _schema, _definitions, _name: True,
}
