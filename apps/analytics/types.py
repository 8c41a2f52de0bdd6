"""What goes in and out of analytics: frozen plain data."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderState:
    """An order as one of its events told it."""

    order_id: UUID
    customer_id: UUID | None
    number: str
    status: str
    channel: str
    currency: str
    total_minor: int
    units: int
    placed_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Takings:
    """What a day took (paid orders) and gave back (canceled after payment), in minor units."""

    day: date
    merchant: str
    channel: str
    currency: str
    orders: int = 0
    units: int = 0
    gross_minor: int = 0
    tax_minor: int = 0
    canceled_orders: int = 0
    canceled_minor: int = 0

    @property
    def net_minor(self) -> int:
        """Gross less what was given back."""
        return self.gross_minor - self.canceled_minor
