"""Counts of what lies on the shelves."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

CountScope = Literal["full", "cyclic", "chosen"]
CountStatus = Literal["OPEN", "REVIEW", "APPLIED", "CANCELLED"]
CountDecision = Literal["accepted", "recount", "rejected"]


@dataclass(frozen=True, kw_only=True, slots=True)
class StartCount:
    """Count what lies at a location: all of it, what is due by ABC class, or some SKUs.

    ``abc_class`` narrows a cyclic count to one class, ``limit`` to the most overdue. A variance of
    ``hold_units`` units or ``hold_percent`` per cent or more holds its SKU until somebody decides;
    without either nothing is held, and every variance waits for a decision.
    """

    location: str
    scope: CountScope
    sku_ids: tuple[UUID, ...] = ()
    abc_class: str = ""
    limit: int | None = None
    blind: bool = True
    hold_units: int | None = None
    hold_percent: int | None = None
    note: str = ""
    actor: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundUnits:
    """Units on a shelf: so many of a lot, or one by its number. A lot that nobody knew says when it expires.

    Of a SKU that has both, a number that nobody knew names its lot.
    """

    lot: str = ""
    serial: str = ""
    quantity: int = 1
    expires_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ShelfCount:
    """So many units of a SKU lie there. Where they are told apart ``found`` names all of them: what it does
    not name is not there."""

    sku_id: UUID
    counted: int
    found: tuple[FoundUnits, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """A count session in numbers. Units of variance are told apart: what is missing, what was found."""

    id: UUID
    location: str
    scope: CountScope
    abc_class: str
    status: CountStatus
    blind: bool
    hold_units: int | None
    hold_percent: int | None
    note: str
    opened_by: str
    opened_at: datetime
    reviewed_at: datetime | None
    closed_by: str
    closed_at: datetime | None
    lines: int
    counted: int
    with_variance: int
    undecided: int
    held: int
    applied: int
    refused: int
    units_missing: int
    units_found: int

    @property
    def is_secret(self) -> bool:
        """Is what is expected not to be told yet, nor what would tell it?"""
        return self.blind and self.status == "OPEN"


@dataclass(frozen=True, kw_only=True, slots=True)
class Applied:
    """What applying a count did: lines booked, and lines that the stock did not allow."""

    count: Count
    booked: int
    refused: int
