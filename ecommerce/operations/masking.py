"""Keeps personal data and secrets out of logs: by the name of a field, and by what a text looks like."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

MASK = "[masked]"

SECRET_NAMES = re.compile(
    r"password|passwd|secret|token|authorization|cookie|credential|api_?key|private_?key|signature"
    r"|card_?number|^pan$|cvv|cvc|iban|account_?number",
    re.IGNORECASE,
)
PERSONAL_NAMES = re.compile(
    r"e_?mail|phone|mobile|address|street|postal|postcode|^zip|birth"
    r"|(first|last|full|given|family|middle|customer|contact|holder|user)_?name"
    r"|^recipient|^card_?holder",
    re.IGNORECASE,
)
SIGNS = re.compile(r"[@+]|eyJ|earer|asic|EARER|ASIC")
"""What every form below but a card number has in it."""
EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
BEARER = re.compile(r"\b([Bb]earer|BEARER|[Bb]asic|BASIC)\s+[\w.~+/=-]{8,}")
JWT = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")
CREDENTIALS_IN_URL = re.compile(r"(\w+://[^\s:/@]*):[^\s@/]+@")
PHONE = re.compile(r"(?<![\w.])\+\d[\d ()-]{7,17}\d\b")
CARD = re.compile(r"(?<![\w-])[2-6]\d(?:[ -]?\d){11,17}(?![\w-])")


def mask(value: Any, name: str = "") -> Any:
    """The value as it may be logged under this name."""
    if name and is_private(name):
        return value if value in (None, "", True, False) else MASK
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, Mapping):
        return {key: mask(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [mask(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and value >= 10**12:
        return MASK if _is_card(str(value)) else value
    return value


@lru_cache(maxsize=4096)
def is_private(name: str) -> bool:
    """Does a field of this name hold a secret, or something about a person?"""
    return bool(SECRET_NAMES.search(name) or PERSONAL_NAMES.search(name))


def mask_text(text: str) -> str:
    """Free text without the addresses, numbers and tokens that can be told by their form."""
    if not SIGNS.search(text) and (len(text) < 13 or not CARD.search(text)):
        return text
    if "@" in text:
        text = CREDENTIALS_IN_URL.sub(rf"\1:{MASK}@", text)
        text = EMAIL.sub(MASK, text)
    text = JWT.sub(MASK, BEARER.sub(rf"\1 {MASK}", text))
    text = CARD.sub(lambda found: MASK if _is_card(found.group()) else found.group(), text)
    return PHONE.sub(MASK, text)


def _is_card(text: str) -> bool:
    """Thirteen to nineteen digits that a card network could have issued (Luhn, ISO/IEC 7812-1)."""
    digits = [int(character) for character in text if character.isdigit()]
    if not 13 <= len(digits) <= 19 or not 2 <= digits[0] <= 6:
        return False
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
