"""BCP 47 language tags (RFC 5646): well-formed, in their usual writing, and how texts fall back."""

import re
from functools import lru_cache
from typing import TypeAlias

from ecommerce.dimensions import CHANNEL, LOCALE

Place: TypeAlias = tuple[str, str]
"""The locale and channel that a text was written for."""
OWN_PLACE: Place = (LOCALE, CHANNEL)
"""Where everything falls back to at last: texts for it are the product's own."""

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})"
    r"(-(?P<script>[a-z]{4}))?"
    r"(-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)",
    re.IGNORECASE,
)


def is_locale(tag: str) -> bool:
    """Well-formed and written as RFC 5646 2.1.1 recommends: ``en``, ``pt-BR``, ``zh-Hant-TW``."""
    return canonical(tag) == tag


def canonical(tag: str) -> str | None:
    """The tag in its usual writing; None where it is not well-formed."""
    match = _TAG.fullmatch(tag)
    if match is None or len(tag) > 35:
        return None
    parts = [match["language"].lower()]
    if match["script"]:
        parts.append(match["script"].title())
    if match["region"]:
        parts.append(match["region"].upper())
    return "-".join(parts) + match["variants"].lower()


@lru_cache(maxsize=1_024)
def fallbacks(tag: str) -> tuple[str, ...]:
    """The tag and each wider one, RFC 4647 3.4 (lookup): ``zh-Hant-TW``, ``zh-Hant``, ``zh``."""
    parts = tag.split("-") if tag else []
    return tuple("-".join(parts[:length]) for length in range(len(parts), 0, -1))


@lru_cache(maxsize=1_024)
def text_places(locale: str, channel: str) -> tuple[Place, ...]:
    """Where to look for a text, nearest first: wider locales, the default one, then the default channel.

    Every room that shows a product's texts goes this way, so that all of them show the same.
    """
    locales = (*fallbacks(locale), LOCALE)
    return tuple(dict.fromkeys((tag, place) for place in (channel, CHANNEL) for tag in locales))
