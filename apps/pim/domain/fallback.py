"""Which text a shopper sees, and why: own, then wider locales, then the default one, then another channel.

Each field falls back by itself, in one fixed order, and says where it came from.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from apps.pim.types import Content, ResolvedText, Texts
from ecommerce.dimensions import CHANNEL, LOCALE
from ecommerce.locales import fallbacks

FIELDS = tuple(field.name for field in fields(Texts))
Step = tuple[str, str, str]


def resolve(
    published: Sequence[Content], *, locale: str, channel: str, product: Mapping[str, Any]
) -> tuple[ResolvedText, ...]:
    """Every field's text for a locale and channel; ``product`` has the product's own texts, the last resort."""
    by_place = {(content.locale, content.channel): content for content in published}
    steps = tuple(dict.fromkeys(_steps(locale, channel)))
    return tuple(_resolved(field, by_place, steps, product) for field in FIELDS)


def _steps(locale: str, channel: str) -> Iterator[Step]:
    exact, *wider = fallbacks(locale)
    yield "own", exact, channel
    for tag in wider:
        yield "locale-fallback", tag, channel
    yield "default-locale", LOCALE, channel
    for tag in (exact, *wider, LOCALE):
        yield "channel-fallback", tag, CHANNEL


def _resolved(
    field: str,
    by_place: Mapping[tuple[str, str], Content],
    steps: Sequence[Step],
    product: Mapping[str, Any],
) -> ResolvedText:
    for rule, locale, channel in steps:
        content = by_place.get((locale, channel))
        value = getattr(content.texts, field) if content else None
        if content and value:
            return ResolvedText(
                field=field,
                value=value,
                rule=rule,
                locale=locale,
                channel=channel,
                version=content.version,
            )
    own = product.get(field)
    return ResolvedText(
        field=field, value=own or _empty(field), rule="product" if own else "missing"
    )


def _empty(field: str) -> Any:
    return () if field == "bullets" else ""
