"""What the sample shop sells, read from the TOML files beside this one."""

import itertools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_GTIN_OF_OWN_USE = 200_000_000_000
"""GS1 leaves numbers that begin with 2 to each company's own use."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleSku:
    """One variant of a sample product."""

    code: str
    barcode: str
    values: tuple[str, ...]
    euro_minor: int
    dollar_minor: int
    weight_grams: int


@cache
def shop() -> Mapping[str, Any]:
    """Categories, locations, taxes, promotions and customers."""
    return tomllib.loads((_HERE / "shop.toml").read_text(encoding="utf-8"))


@cache
def products() -> tuple[Mapping[str, Any], ...]:
    """The products in the order of the shelf."""
    return tuple(tomllib.loads((_HERE / "products.toml").read_text(encoding="utf-8"))["products"])


def skus_of(number: int, product: Mapping[str, Any]) -> Iterator[SampleSku]:
    """Every combination of the product's options; each larger size costs and weighs a tenth more."""
    options: Mapping[str, list[str]] = product.get("options", {})
    for count, values in enumerate(itertools.product(*options.values())):
        steps = _size_steps(options, values)
        euro, dollar = (price + price * steps // 10 for price in product["price"])
        yield SampleSku(
            code="-".join([product["slug"].upper(), *map(_short, values)]),
            barcode=gtin13(_GTIN_OF_OWN_USE + number * 100 + count),
            values=values,
            euro_minor=euro,
            dollar_minor=dollar,
            weight_grams=product["weight"] + product["weight"] * steps // 10,
        )


def _size_steps(options: Mapping[str, list[str]], values: tuple[str, ...]) -> int:
    chosen = dict(zip(options, values, strict=True)).get("Size")
    if chosen is None or chosen in {"S", "M", "L", "XL"}:
        return 0
    return options["Size"].index(chosen)


def _short(value: str) -> str:
    return "".join(letter for letter in value.upper() if letter.isascii() and letter.isalnum())[:6]


def gtin13(first_twelve: int) -> str:
    """Append the check digit (GS1 General Specifications, section 7.9)."""
    digits = [int(digit) for digit in str(first_twelve)]
    total = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{first_twelve}{-total % 10}"
