"""Money: integers in minor units with an ISO 4217 currency. Nothing here is ever a float."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# ISO 4217 list one: the currencies whose minor unit is not a hundredth.
_NO_MINOR_UNIT = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND"}
    | {"VUV", "XAF", "XOF", "XPF"}
)
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


def exponent(currency: str) -> int:
    """Decimals of a currency's minor unit (ISO 4217 list one): 0, 2 or 3."""
    if currency in _NO_MINOR_UNIT:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units: ``Money(1999, "EUR")`` is 19.99 euro."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"Money counts minor units in int, not {type(self.amount).__name__}")
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isupper():
            raise ValueError(f"{self.currency!r} is not an ISO 4217 code")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, quantity: int) -> "Money":
        return Money(self.amount * quantity, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def to_decimal(self) -> Decimal:
        """In major units, exact."""
        return Decimal(self.amount).scaleb(-exponent(self.currency))

    def __str__(self) -> str:
        return f"{self.to_decimal()} {self.currency}"

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")


def from_decimal(value: Decimal | str, currency: str) -> Money:
    """Read major units (``"19.99"``). Raises ValueError where the currency has no such fraction."""
    scaled = Decimal(value).scaleb(exponent(currency))
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise ValueError(f"{value} has more decimals than {currency} has")
    return Money(int(scaled), currency)


def allocate(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Split a total in proportion to weights so that the parts add up to it exactly.

    The largest-remainder (Hamilton) method: each part is its exact share rounded down, and the units
    left over go to the largest remainders, ties to the earlier part. Weights are non-negative;
    where all are zero the split is even. A negative total is the mirror of its positive.
    """
    if not weights:
        raise ValueError("there is nothing to allocate to")
    if any(weight < 0 for weight in weights):
        raise ValueError("weights cannot be negative")
    if total_minor < 0:
        return [-part for part in allocate(-total_minor, weights)]
    whole = sum(weights)
    shares = list(weights) if whole else [1] * len(weights)
    whole = whole or len(weights)
    parts = [total_minor * share // whole for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (-(total_minor * shares[i] % whole), i))
    for i in by_remainder[: total_minor - sum(parts)]:
        parts[i] += 1
    return parts


def share_of(amount_minor: int, rate: Decimal) -> int:
    """A rate of an amount, rounded half up, away from zero (a tax of 19 % is ``Decimal("0.19")``)."""
    return int((Decimal(amount_minor) * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP))
