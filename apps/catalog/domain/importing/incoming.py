"""What a file says of a product, before the catalog has looked at it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Refused(Exception):
    """A cell or member that cannot mean anything; becomes the row's fault."""

    def __init__(self, pointer: str, detail: str, code: str) -> None:
        super().__init__(detail)
        self.pointer = pointer
        self.detail = detail
        self.code = code


@dataclass(frozen=True, kw_only=True, slots=True)
class RowFault:
    """A row that was refused, and why. Rows count from 1, a CSV's header being row 1."""

    row: int
    last_row: int
    pointer: str
    detail: str
    code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """What a file says that a SKU costs in a currency, in minor units."""

    currency: str
    amount_minor: int
    compare_at_minor: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """Prices and stock of a SKU as a file tells them; no price or None is not told."""

    prices: tuple[Price, ...] = ()
    on_hand: int | None = None

    @property
    def tells(self) -> bool:
        return bool(self.prices) or self.on_hand is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class IncomingSku:
    """What a file says of a SKU. ``told`` has only the fields that it speaks of."""

    row: int
    code: str
    option_values: tuple[str, ...]
    told: Mapping[str, Any]
    offer: Offer


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """What rows ``row`` to ``last_row`` of a file say of one product."""

    row: int
    last_row: int
    slug: str = ""
    external_id: str | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    option_names: tuple[str, ...] | None = None
    category_paths: tuple[tuple[str, ...], ...] | None = None
    status: str | None = None
    skus: tuple[IncomingSku, ...] = ()

    @property
    def key(self) -> str:
        """What tells it from other products of the file."""
        if self.external_id:
            return f"id:{self.external_id}"
        if self.slug:
            return f"slug:{self.slug}"
        return f"sku:{self.skus[0].code}" if self.skus else f"row:{self.row}"

    def fault(self, refused: Refused, row: int | None = None) -> RowFault:
        """Its rows, refused."""
        return RowFault(
            row=row or self.row,
            last_row=self.last_row,
            pointer=refused.pointer,
            detail=refused.detail,
            code=refused.code,
        )
