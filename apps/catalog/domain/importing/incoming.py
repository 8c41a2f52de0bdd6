"""What a file says of a product, before the catalog has looked at it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ecommerce.errors import Fault

T = TypeVar("T")


class Refused(Exception):
    """A cell or member that cannot mean anything; becomes a fault of the row."""

    def __init__(self, pointer: str, detail: str, code: str) -> None:
        super().__init__(detail)
        self.pointer = pointer
        self.detail = detail
        self.code = code


@dataclass(frozen=True, kw_only=True, slots=True)
class RowFault:
    """Why a row was refused, in part. Rows count from 1, a CSV's header being row 1."""

    row: int
    last_row: int
    """Of the product: all of its rows are refused together."""
    pointer: str
    detail: str
    code: str


class Faults:
    """What is wrong with a product's rows, gathered while the rest of them is looked at.

    Of a member that could not even be read (``found`` at the start) nothing more is said.
    """

    def __init__(self, row: int, last_row: int, found: Iterable[RowFault] = ()) -> None:
        self._row = row
        self._last_row = last_row
        self.found = list(found)
        self._unread = {_member(fault.pointer) for fault in self.found}

    def read(self, instead: Any, reader: Callable[..., T], *arguments: Any, row: int = 0) -> T:
        """What the reader gives; where it refuses, that is noted and ``instead`` taken."""
        try:
            return reader(*arguments)
        except Refused as refused:
            self.note(refused.pointer, refused.detail, refused.code, row=row)
            return instead  # type: ignore[no-any-return]  # of the kind that the reader gives

    def note(self, pointer: str, detail: str, code: str, *, row: int = 0) -> None:
        """Note what is wrong, in the given row or in the first one."""
        fault = RowFault(
            row=row or self._row,
            last_row=self._last_row,
            pointer=pointer,
            detail=detail,
            code=code,
        )
        if fault not in self.found and _member(pointer) not in self._unread:
            self.found.append(fault)

    def add(self, faults: Iterable[Fault], *, row: int = 0) -> None:
        """Note these, too."""
        for fault in faults:
            self.note(fault.pointer, fault.detail, fault.code, row=row)


def _member(pointer: str) -> str:
    """What a pointer ends at, whatever is above it."""
    return pointer.rpartition("/")[2].lower()


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

    code: str
    option_values: tuple[str, ...]
    told: Mapping[str, Any]
    offer: Offer
    row: int = 0
    """Its own, where the product has several."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """What rows ``row`` to ``last_row`` of a file say of one product."""

    row: int
    last_row: int
    size: int
    """Of the rows in the file, in bytes."""
    slug: str = ""
    external_id: str | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    option_names: tuple[str, ...] | None = None
    category_paths: tuple[tuple[str, ...], ...] | None = None
    status: str | None = None
    skus: tuple[IncomingSku, ...] = ()
    faults: tuple[RowFault, ...] = ()
    """What could not be read; that is not told then."""

    @property
    def is_named(self) -> bool:
        """Can it be known again the next time?"""
        return bool(self.slug or self.external_id or any(sku.code for sku in self.skus))

    @property
    def key(self) -> str:
        """What tells it from other products of the file."""
        if self.external_id:
            return f"id:{self.external_id}"
        if self.slug:
            return f"slug:{self.slug}"
        return f"sku:{self.skus[0].code}" if self.skus else f"row:{self.row}"
