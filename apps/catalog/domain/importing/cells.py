"""The values of cells: numbers, money, yes and no, and texts that a spreadsheet would run.

Each reader is told the JSON Pointer of what it reads, for its refusal.
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import pycountry

from apps.catalog.domain.importing.incoming import Price, Refused
from apps.catalog.types import Attribute
from ecommerce.money import exponent

MAX_COUNT = 2**31 - 1
MAX_MINOR = 2**53 - 1
_MAX_NUMBER = Decimal(10) ** 15
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_CURRENCIES = frozenset(currency.alpha_3 for currency in pycountry.currencies)
_TRUE = frozenset({"true", "yes", "y", "1"})
_FALSE = frozenset({"false", "no", "n", "0"})


def neutralised(text: str) -> str:
    """A text that no spreadsheet takes for a formula (CWE-1236): an apostrophe before = + - @ TAB CR LF.

    Texts that already are apostrophes before one of these get one more, so that it can be undone.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def restored(text: str) -> str:
    """The text that was neutralised; every other text as it is."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def pointer_to(column: str) -> str:
    """The JSON Pointer (RFC 6901) to a column or member."""
    return "/" + column.replace("~", "~0").replace("/", "~1")


def count_of(text: str, pointer: str) -> int | None:
    """A whole number from 0 on (``12``, ``12.0``); None for an empty cell."""
    if text.isdecimal() and len(text) < 10:
        return int(text)
    number = _decimal(text, pointer)
    if number is None:
        return None
    if number != number.to_integral_value() or not 0 <= number <= MAX_COUNT:
        raise Refused(pointer, f"{text[:40]!r} is not a whole number", "integer")
    return int(number)


def stock_of(text: str, pointer: str) -> int | None:
    """Units on hand. What is oversold (negative) is none on hand."""
    number = None if text.isdecimal() else _decimal(text, pointer)
    return 0 if number is not None and number < 0 else count_of(text, pointer)


def price_of(text: str, currency: str, pointer: str) -> int | None:
    """Minor units of an amount in major ones (``19.99``); None for an empty cell."""
    number = _decimal(text, pointer)
    if number is None:
        return None
    if number < 0:
        raise Refused(pointer, "a price cannot be negative", "price")
    minor = int(scaled := number.scaleb(exponent(currency)))
    if minor != scaled:
        raise Refused(pointer, f"{number} has more decimals than {currency} has", "price")
    if minor > MAX_MINOR:
        raise Refused(pointer, "is not a possible price", "price")
    return minor


def amounts_of(text: str, currency: str, pointer: str) -> dict[str, int]:
    """Minor units by currency: of ``19.99``, or of several amounts with theirs (``41.8 EUR,435.42 USD``)."""
    if not text or text.isspace():
        return {}
    amounts: dict[str, int] = {}
    parts = text.split(",")
    for part in parts:
        amount, _, named = part.strip().partition(" ")
        named = named.strip() or ("" if len(parts) > 1 else currency)
        if not named:  # 1,299.00 or 1,99: whatever it means, it is not two prices
            raise Refused(pointer, f"{text[:40]!r} is not a number", "number")
        if not is_currency(named):
            raise Refused(pointer, f"{named[:20]!r} is no currency", "currency")
        minor = price_of(amount, named, pointer)
        if minor is not None:
            amounts[named] = minor
    return amounts


def prices_of(amounts: Mapping[str, int], compare_at: Mapping[str, int]) -> tuple[Price, ...]:
    """The prices by currency, in the order of its codes."""
    if not amounts:
        return ()
    return tuple(
        Price(
            currency=currency,
            amount_minor=amounts[currency],
            compare_at_minor=compare_at.get(currency),
        )
        for currency in sorted(amounts)
    )


def is_currency(code: str) -> bool:
    """An ISO 4217 code."""
    return code in _CURRENCIES


def _decimal(text: str, pointer: str) -> Decimal | None:
    if not (text := text.strip()):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > _MAX_NUMBER:
        raise Refused(pointer, f"{text[:40]!r} is not a number", "number")
    return number


def truth_of(text: str, pointer: str) -> bool | None:
    """TRUE or FALSE in the writings that spreadsheets use; None for an empty cell."""
    word = text.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    if not word:
        return None
    raise Refused(pointer, f"{text[:40]!r} is neither true nor false", "boolean")


def attribute_of(value: Any, pointer: str) -> Attribute:
    """A free attribute as JSON tells it."""
    if isinstance(value, list) and all(isinstance(text, str) for text in value):
        return tuple(value)
    if isinstance(value, str | bool | float) or (isinstance(value, int) and abs(value) < 2**53):
        return value
    detail = "must be a text, a number, true, false, or a list of texts"
    raise Refused(pointer, detail, "attribute")


def barcode_of(text: str) -> str:
    """The digits of a barcode, without the blanks, dashes and apostrophes of spreadsheets."""
    return re.sub(r"[\s\-']", "", text)


def paths_of(text: str) -> tuple[tuple[str, ...], ...]:
    """Category paths, one a line, their names parted by ``>``; a > inside of a name is ``\\>``."""
    lines = (re.split(r"(?<!\\)>", line) for line in text.splitlines())
    paths = (tuple(n for name in line if (n := name.replace("\\>", ">").strip())) for line in lines)
    return tuple(dict.fromkeys(path for path in paths if path))


def text_of_paths(paths: tuple[tuple[str, ...], ...]) -> str:
    """The text from which ``paths_of`` reads the same."""
    return "\n".join(" > ".join(n.replace(">", "\\>") for n in path) for path in paths)
