"""Every door of the API: the URL map, flat, and what the OpenAPI document says of each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator

from ecommerce.http.permissions import roles_of

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
WRITING = frozenset(METHODS) - {"GET"}
JSON = "application/json"
PREFIX = "api/v1/"


@dataclass(frozen=True, kw_only=True)
class Route:
    """A method of a path: ``carts/<uuid:cart_id>``, relative to /api/v1."""

    method: str
    path: str
    parameters: tuple[str, ...]
    roles: tuple[str, ...]
    is_open: bool = False
    """It looks at nobody's token: the way in, and webhooks."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def url(self, values: dict[str, str]) -> str:
        path = self.path
        for name, value in values.items():
            for kind in ("uuid", "str", "slug", "int", "path"):
                path = path.replace(f"<{kind}:{name}>", value)
        return f"/{PREFIX}{path}"


def routes() -> list[Route]:
    """All of them, in the order of the URL map."""
    return list(_walk(get_resolver().url_patterns, "", {}))


def _walk(
    patterns: Iterable[URLPattern | URLResolver], prefix: str, converters: dict[str, Any]
) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        known = {**converters, **pattern.pattern.converters}
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path, known)
        elif path.startswith(PREFIX):
            yield from _methods(pattern, path.removeprefix(PREFIX), tuple(known))


def _methods(pattern: URLPattern, path: str, parameters: tuple[str, ...]) -> Iterator[Route]:
    view = getattr(pattern.callback, "cls", None)
    for method in METHODS:
        if hasattr(view, method.lower()):
            yield Route(
                method=method,
                path=path,
                parameters=parameters,
                roles=roles_of(view, method),
                is_open=not getattr(view, "authentication_classes", ()),
            )


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document, as callers get it."""
    generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]  # untyped upstream
    made: dict[str, Any] = generator.get_schema(request=None, public=True)
    return made


def schema_of(route: Route) -> dict[str, Any] | None:
    """The schema of the JSON that the door takes, or None where it takes none."""
    path = route.url({name: f"{{{name}}}" for name in route.parameters})
    operation = document()["paths"][path][route.method.lower()]
    content = operation.get("requestBody", {}).get("content", {})
    return resolved(content[JSON]["schema"]) if JSON in content else None


def queries_of(route: Route) -> list[str]:
    """The parameters that its query may have."""
    path = route.url({name: f"{{{name}}}" for name in route.parameters})
    operation = document()["paths"][path][route.method.lower()]
    known = [resolved(one) for one in operation.get("parameters", [])]
    return [one["name"] for one in known if one["in"] == "query"]


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema that a reference means; of alternatives, the first."""
    while True:
        if "$ref" in schema:
            kind, name = schema["$ref"].split("/")[-2:]
            schema = document()["components"][kind][name]
        elif inner := schema.get("allOf") or schema.get("oneOf") or schema.get("anyOf"):
            schema = inner[0]
        else:
            return schema
