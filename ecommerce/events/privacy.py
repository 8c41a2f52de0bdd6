"""Events outlive a person's wish to be forgotten, so their fields are ids: the refused names. Free of Django."""

import re
from collections.abc import Iterable

from ecommerce.events.errors import EventError

_WORDS = frozenset(
    [
        "email",
        "mail",
        "phone",
        "mobile",
        "fax",
        "street",
        "surname",
        "birthday",
        "birthdate",
        "passport",
        "iban",
        "ssn",
        "password",
        "secret",
        "token",
        "latitude",
        "longitude",
        "ip",
        "address",
        "addressee",
    ]
)
_PAIRS = re.compile(
    r"(?:^|_)(?:(?:first|last|given|family|full|middle|maiden|person|customer|recipient|contact|holder|user|buyer"
    r"|display)_name|(?:post|postal|zip)_?code|zip|birth_date|date_of_birth|card_number|address_line|line[123]"
    r"|user_agent)(?:$|_)"
)
_HARMLESS = re.compile(r".*_(id|ids|hash|count|version|changed|verified)")


def personal(name: str) -> bool:
    """Whether a field of this name (snake_case) would hold something about a person."""
    if _HARMLESS.fullmatch(name):
        return False
    return bool(_WORDS.intersection(name.split("_")) or _PAIRS.search(name))


def refuse_personal_data(owner: str, names: Iterable[str]) -> None:
    """Raise EventError if one of the fields is named like personal data."""
    found = sorted(name for name in names if personal(name))
    if found:
        raise EventError(f"{owner}: events carry ids, not personal data: {', '.join(found)}")
