"""Which of a product's texts a shopper reads."""

from collections.abc import Iterable, Mapping
from typing import Any

from ecommerce.locales import OWN_PLACE, Place, fallbacks, text_places

_NOT_OWN = ("bullets",)
"""What a product does not have of its own."""
_TEXTS = ("title", "description", "seoTitle", "seoDescription", *_NOT_OWN)


def localize(
    body: Mapping[str, Any], texts: Iterable[Mapping[str, Any]], *, locale: str, channel: str
) -> dict[str, Any]:
    """The body with its texts in the nearest locale, each text on its own: an empty one falls back."""
    chosen = dict(body)
    written = {(text["locale"], text["channel"]): text for text in texts}
    for place in reversed(text_places(locale, channel)):
        text = written.get(place, {})
        names = _NOT_OWN if place == OWN_PLACE else _TEXTS
        chosen.update({name: text[name] for name in names if text.get(name)})
    return chosen


def localized_titles(texts: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The titles by place, where they are not the product's own."""
    places = (((text["locale"], text["channel"]), text["title"]) for text in texts)
    return {place_name(place): title for place, title in places if title and place != OWN_PLACE}


def place_name(place: Place) -> str:
    """What a document calls a place."""
    return " ".join(place)


def name_in(names: Mapping[str, str], default: str, *, locale: str) -> str:
    """A category's name in the nearest locale that has one."""
    return next((names[tag] for tag in fallbacks(locale) if names.get(tag)), default)
