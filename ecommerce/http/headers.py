"""Setting headers of our own making, past the checks that texts of strangers need.

Django encodes and searches each name and value for line breaks. An answer of the API has fifteen headers;
looking at ours again and again cost as much as finding the view.
"""

from collections.abc import Mapping

from django.http.response import HttpResponseBase, ResponseHeaders

Ready = Mapping[str, tuple[str, str]]
"""Headers that were checked once, as Django keeps them: by lower-case name, (name, value)."""


def ready(headers: Mapping[str, str]) -> Ready:
    """Check these once. Raises BadHeaderError."""
    return dict(kept(ResponseHeaders(dict(headers))))


def put_ready(response: HttpResponseBase, headers: Ready) -> None:
    """Set them all."""
    kept(response.headers).update(headers)


def put(response: HttpResponseBase, name: str, value: str) -> None:
    """Set one whose value we made, or have matched: printable ASCII without line breaks, whoever wrote it."""
    kept(response.headers)[name.lower()] = (name, value)


def kept(headers: ResponseHeaders) -> dict[str, tuple[str, str]]:
    """By lower-case name, where Django keeps them."""
    store: dict[str, tuple[str, str]] = headers._store
    return store
