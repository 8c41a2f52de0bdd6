"""Tax: one rate per line, rounded half up per line, so that lines add up to the whole."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from apps.pricing.domain.facts import RateFact
from ecommerce.money import share_of

_HUNDRED = Decimal(100)


def tax_of(amount_minor: int, percent: Decimal, *, included: bool) -> int:
    """The tax in an amount that includes it, or on one that does not, in minor units."""
    if not included:
        return share_of(amount_minor, percent / _HUNDRED)
    part = Decimal(amount_minor) * percent / (_HUNDRED + percent)
    return int(part.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def rate_for(rates: Iterable[RateFact], *, tax_class: str, region: str | None) -> RateFact | None:
    """The region's own rate before the country's; None where nothing is known of the class."""
    of_class = [rate for rate in rates if rate.tax_class == tax_class]
    regional = [rate for rate in of_class if region and rate.region == region]
    national = [rate for rate in of_class if not rate.region]
    return next(iter(regional or national), None)
