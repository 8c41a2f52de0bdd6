"""Which of a product's texts a shopper reads."""

from collections.abc import Iterable, Mapping
from typing import Any

_TEXTS = ("title", "description", "bullets", "seoTitle", "seoDescription")


def fallbacks(locale: str) -> tuple[str, ...]:
    """The locales to try in turn: ``de-AT`` then ``de`` (RFC 4647 lookup)."""
    parts = locale.split("-")
    return tuple("-".join(parts[:count]) for count in range(len(parts), 0, -1))


def localize(
    body: Mapping[str, Any], texts: Iterable[Mapping[str, Any]], *, locale: str, channel: str
) -> dict[str, Any]:
    """The body with its texts in the nearest locale, each text on its own: an empty one falls back."""
    chosen = dict(body)
    wanted = fallbacks(locale)
    ranked = sorted(
        (text for text in texts if text["channel"] == channel and text["locale"] in wanted),
        key=lambda text: wanted.index(text["locale"]),
        reverse=True,
    )
    for text in ranked:
        chosen.update({name: text[name] for name in _TEXTS if text.get(name)})
    return chosen


def name_in(names: Mapping[str, str], default: str, *, locale: str) -> str:
    """A category's name in the nearest locale that has one."""
    return next((names[tag] for tag in fallbacks(locale) if names.get(tag)), default)
