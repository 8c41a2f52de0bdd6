"""What goes in and out of analytics: frozen plain data."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ecommerce.money import Money


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

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderNews:
    """What an order's event means for the till. ``refunded_minor`` is what went back so far, by its account."""

    order_id: UUID
    day: date
    merchant: str
    channel: str
    currency: str
    paid: bool
    """Is this the news that its money was taken?"""
    status: str
    previous_status: str | None
    units: int
    total_minor: int
    tax_minor: int
    refunded_minor: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenBack:
    """How much of an order's money went back, by its own account and by ours."""

    order_id: UUID
    refunded_minor: int = 0
    counted_minor: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Takings:
    """What a day took (paid orders) and gave back (refunded, or canceled after payment), in minor units.

    Each cent is given back once: what a cancellation counts, its refund does not count again.
    """

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
    refunded_minor: int = 0

    @property
    def gross(self) -> Money:
        return Money(self.gross_minor, self.currency)

    @property
    def tax(self) -> Money:
        return Money(self.tax_minor, self.currency)

    @property
    def canceled(self) -> Money:
        return Money(self.canceled_minor, self.currency)

    @property
    def refunded(self) -> Money:
        return Money(self.refunded_minor, self.currency)

    @property
    def net(self) -> Money:
        """Gross less what was given back; below zero where a day gave back more than it took."""
        return Money(self.net_minor, self.currency)

    @property
    def net_minor(self) -> int:
        return self.gross_minor - self.canceled_minor - self.refunded_minor
