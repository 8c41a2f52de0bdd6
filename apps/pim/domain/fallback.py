"""Which text a shopper sees, and why: own, then wider locales, then the default one, then another channel.

Each field falls back by itself, in the order of ``text_places``, and says where it came from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from apps.pim.types import Content, ResolvedText, Texts
from ecommerce.locales import OWN_PLACE, Place, text_places

FIELDS = tuple(field.name for field in fields(Texts))


def resolve(
    published: Sequence[Content], *, locale: str, channel: str, product: Mapping[str, Any]
) -> tuple[ResolvedText, ...]:
    """Every field's text for a locale and channel; ``product`` has the product's own texts, the last resort.

    Texts for the default locale and channel became the product's own. Where the product says something
    else by now, that is what shoppers see.
    """
    asked = (locale, channel)
    by_place = {(content.locale, content.channel): content for content in published}
    found = [by_place[place] for place in text_places(*asked) if place in by_place]
    return tuple(_resolved(field, found, asked, product) for field in FIELDS)


def _resolved(
    field: str, found: Sequence[Content], asked: Place, product: Mapping[str, Any]
) -> ResolvedText:
    own = product.get(field)
    for content in found:
        value = getattr(content.texts, field)
        place = (content.locale, content.channel)
        overtaken = place == OWN_PLACE and field in product and value != own
        if value and not overtaken:
            return ResolvedText(
                field=field,
                value=value,
                rule=_rule(place, asked),
                locale=content.locale,
                channel=content.channel,
                version=content.version,
            )
    return ResolvedText(
        field=field, value=own or _empty(field), rule="product" if own else "missing"
    )


def _rule(place: Place, asked: Place) -> str:
    """By which step a text from the one place came to be shown at the other."""
    if place == asked:
        return "own"
    if place[1] != asked[1]:
        return "channel-fallback"
    wider = asked[0].startswith(f"{place[0]}-")
    return "locale-fallback" if wider else "default-locale"


def _empty(field: str) -> Any:
    return () if field == "bullets" else ""
