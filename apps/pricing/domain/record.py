"""How a quote is written down so that it can be read, checked and computed again years later."""

import hashlib
from typing import Any

import msgspec

from apps.pricing.domain.facts import QuoteInputs
from apps.pricing.domain.quote import ALGORITHM, Priced


def plain(value: QuoteInputs | Priced) -> dict[str, Any]:
    """As JSON values: integers, strings, lists, maps. No float anywhere."""
    result: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(value))
    return result


def read_inputs(value: dict[str, Any]) -> QuoteInputs:
    return msgspec.convert(value, QuoteInputs)


def read_priced(value: dict[str, Any]) -> Priced:
    return msgspec.convert(value, Priced)


def canonical(value: Any) -> bytes:
    """The one byte string of a JSON value: keys sorted, no blanks."""
    return msgspec.json.encode(value, order="sorted")


def version_of(inputs: dict[str, Any]) -> str:
    """Names the arithmetic and everything it was fed."""
    return f"{ALGORITHM}.{hashlib.sha256(canonical(inputs)).hexdigest()[:32]}"


def differences(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    """The members that differ, by name."""
    return tuple(
        sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    )
