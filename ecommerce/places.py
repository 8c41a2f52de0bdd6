"""Which countries and currencies there are (ISO 3166-1, ISO 4217)."""

from functools import cache

import pycountry


@cache
def _countries() -> frozenset[str]:
    return frozenset(country.alpha_2 for country in pycountry.countries)


@cache
def _currencies() -> frozenset[str]:
    return frozenset(currency.alpha_3 for currency in pycountry.currencies)


def known_country(code: str) -> bool:
    """Is it an ISO 3166-1 alpha-2 code in use?"""
    return code in _countries()


def known_currency(code: str) -> bool:
    """Is it an ISO 4217 code in use?"""
    return code in _currencies()
