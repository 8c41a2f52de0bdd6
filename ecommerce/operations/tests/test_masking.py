"""Nothing personal and nothing secret passes into a log."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecommerce.operations.masking import MASK, mask


@pytest.mark.parametrize(
    "name",
    [
        *("email", "customerEmail", "password", "newPassword", "access_token", "guestToken"),
        *("Authorization", "cookie", "phone", "first_name", "lastName", "fullName", "recipient"),
        *("shipping_address", "postal_code", "card_number", "cvv", "iban", "api_key", "secret"),
    ],
)
def test_a_field_that_is_named_for_something_private_is_masked_whole(name: str) -> None:
    assert mask({name: "anything"}) == {name: MASK}


@pytest.mark.parametrize(
    ("text", "logged"),
    [
        ("mail to ada@example.com failed", f"mail to {MASK} failed"),
        ("Authorization: Bearer abc.def.ghi-123", f"Authorization: Bearer {MASK}"),
        ("token eyJhbGciOiJI.eyJzdWIiOiIx.sig-nature", f"token {MASK}"),
        ("paid with 4242 4242 4242 4242 today", f"paid with {MASK} today"),
        ("paid with 5555555555554444", f"paid with {MASK}"),
        ("call +49 170 1234567 now", f"call {MASK} now"),
        ("postgres://shop:hunter2@db:5432/shop", f"postgres://shop:{MASK}@db:5432/shop"),
    ],
)
def test_what_can_be_told_by_its_form_is_masked_inside_a_text(text: str, logged: str) -> None:
    assert mask(text) == logged


@pytest.mark.parametrize(
    "value",
    [
        "order SO-100042 placed",
        "01a1fdcc-cf4f-73d0-a4bb-24ecb98d1f81",
        "4242 4242 4242 4243",
        "2026-11-21T11:10:20.496472Z",
        "GTIN 4006381333931",
        1732184000000,
        12.5,
        True,
        None,
    ],
)
def test_what_is_nobodys_secret_stays_readable(value: object) -> None:
    assert mask(value) == value


def test_it_looks_into_nested_values() -> None:
    entry = {"order": {"lines": [{"sku": "MUG", "note": "for ada@example.com"}], "email": "a@b.de"}}

    assert mask(entry) == {
        "order": {"lines": [{"sku": "MUG", "note": f"for {MASK}"}], "email": MASK}
    }


@given(st.integers(min_value=10**11, max_value=10**17 - 1), st.sampled_from("23456"))
def test_every_number_that_a_card_could_have_is_masked(body: int, first: str) -> None:
    digits = first + str(body)
    number = next(
        digits + str(check) for check in range(10) if _luhn(digits + str(check)) % 10 == 0
    )

    assert number not in mask(f"card {number}.")
    assert mask(int(number)) == MASK


def _luhn(number: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(number)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total
