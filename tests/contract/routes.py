"""The URL map, flat: every route of the API with its view and its methods."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from ecommerce.http.permissions import roles_of

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PREFIX = "api/v1/"


@dataclass(frozen=True, kw_only=True)
class Route:
    """A method of a path: ``carts/<uuid:cart_id>``, relative to /api/v1."""

    method: str
    path: str
    parameters: tuple[str, ...]
    roles: tuple[str, ...]

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
                method=method, path=path, parameters=parameters, roles=roles_of(view, method)
            )
