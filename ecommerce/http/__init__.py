"""What a room's REST door is made of. Names load on first use: DRF needs the apps to be ready."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ecommerce.http.conditional import etag_of, not_modified, require_version
    from ecommerce.http.deprecation import deprecated
    from ecommerce.http.idempotency import idempotent
    from ecommerce.http.inputs import read_body, read_query
    from ecommerce.http.negotiation import AnyRepresentation
    from ecommerce.http.openapi import problem_responses
    from ecommerce.http.pagination import Page, keyset_page, page_of, page_response, slice_of
    from ecommerce.http.permissions import AUTHENTICATED, RolePermission
    from ecommerce.http.serializers import (
        CountryField,
        MoneyField,
        PercentField,
        Serializer,
    )
    from ecommerce.http.throttling import count_guesses, count_misses
    from ecommerce.http.views import APIView, OkJson, ReadyView, viewer_of

__all__ = [
    "AUTHENTICATED",
    "APIView",
    "AnyRepresentation",
    "CountryField",
    "MoneyField",
    "OkJson",
    "Page",
    "PercentField",
    "ReadyView",
    "RolePermission",
    "Serializer",
    "count_guesses",
    "count_misses",
    "deprecated",
    "etag_of",
    "idempotent",
    "keyset_page",
    "not_modified",
    "page_of",
    "page_response",
    "problem_responses",
    "read_body",
    "read_query",
    "require_version",
    "slice_of",
    "viewer_of",
]

_HOME = {
    "conditional": ("etag_of", "not_modified", "require_version"),
    "deprecation": ("deprecated",),
    "idempotency": ("idempotent",),
    "inputs": ("read_body", "read_query"),
    "negotiation": ("AnyRepresentation",),
    "openapi": ("problem_responses",),
    "pagination": ("Page", "keyset_page", "page_of", "page_response", "slice_of"),
    "permissions": ("AUTHENTICATED", "RolePermission"),
    "serializers": (
        "CountryField",
        "MoneyField",
        "PercentField",
        "Serializer",
    ),
    "throttling": ("count_guesses", "count_misses"),
    "views": ("APIView", "OkJson", "ReadyView", "viewer_of"),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value
