"""How a SKU is sold beyond its stock, what it is made up of, and how its units are counted out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Oversell = Literal["deny", "backorder", "preorder"]
Counting = Literal["plain", "striped", "flash"]


@dataclass(frozen=True, kw_only=True, slots=True)
class StockPolicy:
    """What holds for a SKU.

    Up to ``oversell_limit`` units may be promised beyond the stock, from ``valid_from`` on and before
    ``valid_until``: on backorder for ``promised_at``, or ``lead_days`` after the order; on preorder for the
    day of release, which is ``promised_at``, and only before it. ``backordered`` of them are.
    """

    sku_id: UUID
    oversell: Oversell = "deny"
    oversell_limit: int = 0
    backordered: int = 0
    promised_at: datetime | None = None
    lead_days: int | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    safety_buffer: int = 0
    counting: Counting = "plain"
    counting_automatic: bool = False
    components: Mapping[UUID, int] | None = None
    version: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class SetPolicy:
    """Say how a SKU is sold beyond its stock. ``expected_version`` guards against a change by others."""

    sku_id: UUID
    oversell: Oversell = "deny"
    oversell_limit: int = 0
    promised_at: datetime | None = None
    lead_days: int | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    safety_buffer: int = 0
    expected_version: int | None = None
