"""The numbers that trade knows an article by: GTIN, HS code, country of origin."""

import re

import pycountry
from stdnum import ean
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength, ValidationError

_HS_CODE = re.compile(r"[0-9]{6,10}")
_COUNTRIES = frozenset(country.alpha_2 for country in pycountry.countries)


def gtin_fault(barcode: str) -> str:
    """Why it is no GTIN-8, 12, 13 or 14 (GS1 General Specifications 7.9), or an empty text."""
    try:
        if ean.validate(barcode) != barcode:
            return "must be digits only"
    except InvalidChecksum:
        return "has a wrong check digit"
    except InvalidLength:
        return "must have 8, 12, 13 or 14 digits"
    except InvalidFormat:
        return "must be digits only"
    except ValidationError:
        return "is not a GTIN"
    return ""


def is_hs_code(code: str) -> bool:
    """6 digits of the Harmonized System and up to 4 national ones."""
    return _HS_CODE.fullmatch(code) is not None


def is_country(code: str) -> bool:
    """An ISO 3166-1 alpha-2 code."""
    return code in _COUNTRIES
