"""Which ways of sending a parcel there are, and what each costs."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.shipping.types import ShippingOption


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """A way of sending: where to, on which channels, and (grams up to, price) bands by rising weight."""

    code: str
    name: str
    carrier: str
    service: str
    currency: str
    countries: frozenset[str]
    channels: frozenset[str]
    min_days: int
    max_days: int
    bands: tuple[tuple[int, int], ...]


def options_for(
    methods: Iterable[Method], *, country: str, weight_grams: int, channel: str
) -> tuple[ShippingOption, ...]:
    """Of the methods that go there, each with the first band that holds the weight; order is kept."""
    return tuple(
        _option(method, price)
        for method in methods
        if _goes(method, country, channel)
        and (price := _price(method.bands, weight_grams)) is not None
    )


def _goes(method: Method, country: str, channel: str) -> bool:
    return (not method.countries or country in method.countries) and (
        not method.channels or channel in method.channels
    )


def _price(bands: tuple[tuple[int, int], ...], weight_grams: int) -> int | None:
    return next((price for grams, price in bands if weight_grams <= grams), None)


def _option(method: Method, price_minor: int) -> ShippingOption:
    return ShippingOption(
        code=method.code,
        name=method.name,
        amount_minor=price_minor,
        currency=method.currency,
        min_days=method.min_days,
        max_days=method.max_days,
        carrier=method.carrier,
        service=method.service,
    )
