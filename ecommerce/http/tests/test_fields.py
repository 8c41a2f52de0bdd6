"""Fields that all doors share."""

from decimal import Decimal

import pytest

from ecommerce.http import CountryField, PercentField, Serializer


class RateOut(Serializer):
    tax_rate = PercentField()


@pytest.mark.parametrize(
    ("rate", "shown"),
    [("21.0000", "21"), ("5.500000", "5.5"), ("100.0000", "100"), ("0.0000", "0"), ("7", "7")],
)
def test_a_rate_is_shown_without_the_places_of_its_column(rate: str, shown: str) -> None:
    assert RateOut({"tax_rate": Decimal(rate)}).data == {"taxRate": shown}


class PlaceIn(Serializer):
    country = CountryField()


@pytest.mark.parametrize(
    ("code", "fits"), [("DE", True), ("NL", True), ("ZZ", False), ("de", False), ("", False)]
)
def test_a_country_is_one_that_there_is(code: str, fits: bool) -> None:
    assert PlaceIn(data={"country": code}).is_valid() is fits
