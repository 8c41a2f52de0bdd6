"""Money adds up, in every currency."""

from decimal import Decimal

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecommerce.money import Money, allocate, exponent, from_decimal, share_of

AMOUNTS = st.integers(-(10**15), 10**15)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [("JPY", 0), ("EUR", 2), ("USD", 2), ("KWD", 3), ("ISK", 0), ("TND", 3)],
)
def test_minor_units_follow_iso_4217(currency: str, decimals: int) -> None:
    assert exponent(currency) == decimals


def test_every_exponent_of_a_living_currency_is_known() -> None:
    odd = {code.alpha_3 for code in pycountry.currencies if exponent(code.alpha_3) != 2}

    assert {"JPY", "KRW", "CLP", "BHD", "KWD"} <= odd


def test_money_prints_in_major_units() -> None:
    assert str(Money(1999, "EUR")) == "19.99 EUR"
    assert str(Money(1999, "JPY")) == "1999 JPY"
    assert str(Money(-5, "KWD")) == "-0.005 KWD"


@pytest.mark.parametrize("amount", [19.99, Decimal("19"), True, "19"])
def test_money_refuses_all_but_whole_numbers(amount: object) -> None:
    with pytest.raises(TypeError):
        Money(amount, "EUR")  # type: ignore[arg-type]


@pytest.mark.parametrize("currency", ["eur", "EURO", "", "E1"])
def test_money_refuses_what_is_no_currency_code(currency: str) -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(1, currency)


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        Money(1, "EUR") + Money(1, "USD")


def test_decimals_that_the_currency_lacks_are_refused() -> None:
    assert from_decimal("19.99", "EUR") == Money(1999, "EUR")
    for value, currency in (("19.999", "EUR"), ("1.5", "JPY"), ("NaN", "EUR"), ("Infinity", "EUR")):
        with pytest.raises(ValueError, match="decimals"):
            from_decimal(value, currency)


@given(AMOUNTS, st.sampled_from(["EUR", "JPY", "KWD"]))
def test_major_units_and_back_lose_nothing(amount: int, currency: str) -> None:
    assert from_decimal(Money(amount, currency).to_decimal(), currency) == Money(amount, currency)


@given(AMOUNTS, WEIGHTS)
def test_parts_add_up_to_the_whole(total: int, weights: list[int]) -> None:
    assert sum(allocate(total, weights)) == total


@given(st.integers(0, 10**15), WEIGHTS)
def test_no_part_is_a_unit_or_more_from_its_exact_share(total: int, weights: list[int]) -> None:
    whole = sum(weights) or len(weights)
    shares = weights if sum(weights) else [1] * len(weights)

    for part, share in zip(allocate(total, weights), shares, strict=True):
        assert abs(part * whole - total * share) < whole


@given(st.integers(0, 10**12), WEIGHTS)
def test_a_refund_is_split_as_the_charge_was(total: int, weights: list[int]) -> None:
    assert allocate(-total, weights) == [-part for part in allocate(total, weights)]


def test_units_left_over_go_to_the_largest_remainders_first_come_first() -> None:
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(5, [3, 3, 1]) == [2, 2, 1]
    assert allocate(2, [0, 0]) == [1, 1]


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_nonsense_weights_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"allocate|negative"):
        allocate(1, weights)


def test_a_share_rounds_half_up_away_from_zero() -> None:
    assert share_of(50, Decimal("0.19")) == 10  # 9.5
    assert share_of(-50, Decimal("0.19")) == -10
    assert share_of(49, Decimal("0.19")) == 9  # 9.31
