"""Tax rates, and tax without a cart."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from ecommerce.identity import Viewer


@dataclass(frozen=True, kw_only=True, slots=True)
class TaxRate:
    """``rate`` is in percent: 21 is 21 %. An empty region means the whole country."""

    id: UUID
    country: str
    region: str
    tax_class: str
    rate: Decimal
    name: str
    valid_from: datetime | None
    valid_to: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateTaxRate:
    country: str
    tax_class: str
    rate: Decimal
    name: str
    region: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    actor: Viewer | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TaxableLine:
    line_id: str
    amount_minor: int
    tax_class: str = "standard"


@dataclass(frozen=True, kw_only=True, slots=True)
class CalculateTax:
    country: str
    currency: str
    lines: tuple[TaxableLine, ...]
    region: str | None = None
    prices_include_tax: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class TaxedLine:
    line_id: str
    net_minor: int
    tax_minor: int
    gross_minor: int
    tax_rate: Decimal
    tax_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TaxResult:
    currency: str
    lines: tuple[TaxedLine, ...]
    net_minor: int
    tax_minor: int
    gross_minor: int
