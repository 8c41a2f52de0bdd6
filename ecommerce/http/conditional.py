"""Conditional requests (RFC 9110 section 13): versions out as ETag, in by If-Match and If-None-Match."""

import re
from typing import TYPE_CHECKING, Literal, overload

from ecommerce.errors import Fault, Invalid, StaleVersion, VersionRequired

if TYPE_CHECKING:
    from rest_framework.request import Request

_TAG = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)')


def etag_of(version: int | str) -> str:
    """The strong entity tag of a version: ``"7"``."""
    return f'"{version}"'


@overload
def require_version(request: "Request", *, optional: Literal[False] = False) -> int: ...
@overload
def require_version(request: "Request", *, optional: bool) -> int | None: ...
def require_version(request: "Request", *, optional: bool = False) -> int | None:
    """The version that the caller means to change, from If-Match.

    Raises VersionRequired (428) where it is missing and not optional. ``*`` means "whatever is
    there" and gives None where that is allowed. A weak tag never matches (strong comparison), nor
    does a tag that we did not make: both are StaleVersion (412).
    """
    header = request.META.get("HTTP_IF_MATCH")
    if header is None or header.strip() == "*":
        if optional:
            return None
        raise VersionRequired("Send If-Match with the ETag that you last read.")
    tags = _tags_of(header)
    if len(tags) != 1:
        raise Invalid("If-Match names one version here.", faults=[_fault("one entity tag")])
    weak, tag = tags[0]
    if weak or not tag.isascii() or not tag.isdigit() or len(tag) > 18:
        raise StaleVersion
    return int(tag)


def not_modified(request: "Request", etag: str) -> bool:
    """Has the caller this very representation already (If-None-Match, weak comparison)?"""
    header = request.META.get("HTTP_IF_NONE_MATCH")
    if header is None:
        return False
    if header.strip() == "*":
        return True
    wanted = etag.removeprefix("W/").strip('"')
    return any(tag == wanted for _, tag in _tags_of(header, lenient=True))


def _tags_of(header: str, *, lenient: bool = False) -> list[tuple[bool, str]]:
    tags, position = [], 0
    while position < len(header):
        match = _TAG.match(header, position)
        if match is None:
            if lenient:
                return []
            raise Invalid(
                "If-Match is not a list of entity tags.", faults=[_fault("an entity tag")]
            )
        tags.append((match[1] is not None, match[2]))
        position = match.end()
    return tags


def _fault(expected: str) -> Fault:
    return Fault(pointer="If-Match", detail=f'Expected {expected}, such as "7".', code="etag")
