"""Slugs: the readable part of an address."""

import re
import unicodedata
from collections.abc import Collection

MAX_SLUG = 255
_ALLOWED = re.compile(r"\w[\w.\-]*")
_BREAKS = re.compile(r"[\W_]+")


def slug_of(text: str) -> str:
    """``Crème Brûlée (2 pcs)`` → ``creme-brulee-2-pcs``; letters of other scripts stay. May be empty."""
    if text.isascii():
        return _BREAKS.sub("-", text.lower()).strip("-")[:200].strip("-")
    folded = unicodedata.normalize("NFKD", text).lower()
    plain = "".join(mark for mark in folded if not unicodedata.combining(mark))
    return unicodedata.normalize("NFC", _BREAKS.sub("-", plain).strip("-"))[:200].strip("-")


def is_slug(slug: str) -> bool:
    """Whether it can stand as one segment of an address."""
    return len(slug) <= MAX_SLUG and _ALLOWED.fullmatch(slug) is not None


def free_slug(wanted: str, taken: Collection[str]) -> str:
    """The slug itself, or with the first free number after it."""
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"
