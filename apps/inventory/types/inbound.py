"""Deliveries: announced, received in parts, and what differed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ecommerce.dimensions import LOCATION

InboundState = Literal["EXPECTED", "PARTIALLY_RECEIVED", "RECEIVED", "CANCELLED"]
DifferenceKind = Literal["OVER", "UNDER", "DAMAGED"]
SettledState = Literal["OPEN", "ACCEPTED", "CREDITED", "RECOUNTED"]
Settlement = Literal["accept", "credit", "recount"]
Disposal = Literal["scrap", "return", "keep"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpectedItem:
    """Units of a SKU that shall come; without an order, what one costs in the books' currency."""

    sku_id: UUID
    units: int
    unit_cost_minor: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnounceInbound:
    """A delivery to expect. Of an order without items: all that is outstanding of it and not announced yet."""

    order_id: UUID | None = None
    items: tuple[ExpectedItem, ...] = ()
    location: str = LOCATION
    supplier: str = ""
    reference: str = ""
    expected_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ArrivedItem:
    """What was unloaded of a SKU: good units and broken ones, with their lot or serials where they have some."""

    sku_id: UUID
    received: int
    damaged: int = 0
    lot: str = ""
    expires_on: date | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiveInbound:
    """One unloading. ``key`` makes a repeat harmless; ``final`` says that nothing more will come.

    ``task_id`` is the warehouse's task that reports it, and ``going_on`` whether it has not ended yet.
    """

    inbound_id: UUID
    key: str
    items: tuple[ArrivedItem, ...]
    occurred_at: datetime
    final: bool = False
    actor: str = ""
    task_id: UUID | None = None
    going_on: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class InboundLine:
    """A SKU of a delivery: expected, received in good order, broken."""

    sku_id: UUID
    expected: int
    received: int
    damaged: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Discrepancy:
    """Units that differ; costs and credits in minor units of the books' currency.

    ``in_house`` of them lie among the location's damaged ones; ``disposal`` is what became of broken ones.
    """

    id: UUID
    inbound_id: UUID
    sku_id: UUID
    kind: DifferenceKind
    units: int
    cost_minor: int
    credit_minor: int
    state: SettledState
    note: str
    in_house: int
    disposal: Disposal | Literal[""]


@dataclass(frozen=True, kw_only=True, slots=True)
class SettleDiscrepancy:
    """How a difference is settled.

    ``credit_minor`` is what the supplier gives back (credit); ``counted`` how many units differ in
    truth, nought where none do (recount). ``disposal`` is what becomes of broken units: if not said, what
    is accepted is scrapped and what is credited goes back.
    """

    discrepancy_id: UUID
    how: Settlement
    credit_minor: int = 0
    counted: int | None = None
    disposal: Disposal | Literal[""] = ""
    note: str = ""
    actor: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Inbound:
    """A delivery. ``called_off_at``: it is not to come, and its warehouse has not agreed yet."""

    id: UUID
    number: str
    order_id: UUID | None
    location: str
    supplier: str
    reference: str
    state: InboundState
    expected_at: datetime | None
    called_off_at: datetime | None
    created_at: datetime
    lines: tuple[InboundLine, ...]
    discrepancies: tuple[Discrepancy, ...]
