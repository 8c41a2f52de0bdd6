"""Coupon codes: one spelling, however they were typed."""

import re
import unicodedata
from collections.abc import Iterable

_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,63}")


def normal_code(code: str) -> str:
    """Upper case, full-width letters folded, blanks dropped; empty where it cannot be a code."""
    folded = unicodedata.normalize("NFKC", code).upper()
    squeezed = "".join(folded.split())
    return squeezed if _CODE.fullmatch(squeezed) else ""


FAMILY = 4
"""So many letters have codes in common that were made together, as a rule."""


def family_of(code: str) -> str:
    """What a normal code has in common with those that were made with it: ``SUMM`` of ``SUMMER-7K2Q``."""
    return code[:FAMILY]


def normal_codes(codes: Iterable[str]) -> tuple[str, ...]:
    """Normalised, each once, in one order; what cannot be a code is dropped."""
    return tuple(sorted({normal_code(code) for code in codes} - {""}))
