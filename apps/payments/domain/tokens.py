"""What may stand in for a card: the gateway's token, and never the card's own number."""

import re

_LETTERS = re.compile(r"[^\W\d_]+")
_SHORTEST, _LONGEST = 13, 19
"""How many digits a card number has (ISO/IEC 7812-1)."""
_ISSUERS = "23456"
"""With what the numbers of payment cards begin; references of gateways are digits too."""


def holds_card_number(token: str) -> bool:
    """Are there 13 to 19 digits in it whose check digit is right, whatever spaces them but letters?

    Groups of digits are tried together with their neighbours, so that an expiry date behind the
    number does not hide it.
    """
    return any(
        _is_card_number("".join(groups[first:last]))
        for part in _LETTERS.split(token)
        for groups in [re.findall(r"\d+", part)]
        for first in range(len(groups))
        for last in range(first + 1, len(groups) + 1)
    )


def _is_card_number(digits: str) -> bool:
    """Luhn's formula: every second digit from the right counts twice, its own digits summed up."""
    if not _SHORTEST <= len(digits) <= _LONGEST or digits[0] not in _ISSUERS:
        return False
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(int(digit) for digit in digits[-1::-2]) + sum(doubled)) % 10 == 0
