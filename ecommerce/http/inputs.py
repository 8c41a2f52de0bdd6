"""What a request asks for, checked by a serializer."""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, TypeVar, TypeVarTuple, cast

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from ecommerce.errors import Invalid
from ecommerce.http.faults import faults_of
from ecommerce.http.serializers import Serializer, shared

R = TypeVar("R")
D = TypeVarTuple("D")
LONGEST_KEPT = 500
"""Characters of a query string that is worth remembering."""
_PURE = (
    serializers.BooleanField,
    serializers.CharField,
    serializers.ChoiceField,
    serializers.IntegerField,
    serializers.RegexField,
    serializers.UUIDField,
)
"""What these make of a text is the same each time, and cannot be changed."""
_LIBRARIES = ("django.", "rest_framework.")


def read_body(request: Request, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The body, checked; a refusal points into it."""
    return dict(shared(serializer).run_validation(request.data))


def read_query(request: Request, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The query parameters, checked; a refusal points at ``?name``."""
    if _is_pure(serializer):
        return dict(of_query(request, _checked, serializer))
    return _checked(request.GET, serializer)


def of_query(request: Request, read: Callable[[QueryDict, *D], R], *details: *D) -> R:
    """What ``read`` makes of the query parameters, remembered: shops are asked the same few things again.

    It is to make the same of the same, and nothing that can be changed. What it refuses is not remembered.
    """
    query = request.META.get("QUERY_STRING", "")
    make = _remembered if len(query) <= LONGEST_KEPT else _remembered.__wrapped__
    return cast(R, make(query, request.encoding, read, *details))


@lru_cache(maxsize=8_192)
def _remembered(query: str, encoding: str | None, read: Callable[..., Any], *details: Any) -> Any:
    return read(QueryDict(query.encode("latin-1"), encoding=encoding), *details)


def _checked(
    parameters: QueryDict, serializer: type[serializers.Serializer[Any]]
) -> dict[str, Any]:
    try:
        return dict(shared(serializer).run_validation(parameters))
    except ValidationError as refusal:
        faults = faults_of(refusal.detail, query=True)
        raise Invalid("A query parameter is not valid.", faults=faults) from None


@cache
def _is_pure(serializer: type[serializers.Serializer[Any]]) -> bool:
    """Does it make the same of the same query whenever it is asked?"""
    instance = shared(serializer)
    checked_whole = any(
        getattr(serializer, name) is not getattr(Serializer, name)
        for name in ("validate", "run_validation", "to_internal_value")
    )
    return not checked_whole and all(
        _makes_the_same(field) and not hasattr(instance, f"validate_{name}")
        for name, field in instance.fields.items()
    )


def _makes_the_same(field: Any) -> bool:
    known = all(type(check).__module__.startswith(_LIBRARIES) for check in field.validators)
    fixed = field.default is serializers.empty or not callable(field.default)
    return type(field) in _PURE and known and fixed
