"""The rows of Shopify's product CSV, under their old column names whatever the file calls them."""

from apps.catalog.domain.importing.cells import (
    amounts_of,
    count_of,
    pointer_to,
    restored,
    stock_of,
    truth_of,
)
from apps.catalog.domain.importing.records import Record

_NEW_NAMES = {
    "url handle": "handle",
    "description": "body (html)",
    "published on online store": "published",
    "sku": "variant sku",
    "barcode": "variant barcode",
    "price": "variant price",
    "compare-at price": "variant compare at price",
    "charge tax": "variant taxable",
    "inventory quantity": "variant inventory qty",
    "weight value (grams)": "variant grams",
    "requires shipping": "variant requires shipping",
    "product image url": "image src",
    "variant image url": "variant image",
}
_EXTRA = ("google shopping / ", "(product.metafields.")


def old_name(name: str) -> str:
    """The name that the column had before Shopify renamed its columns."""
    lower = name.lower()
    return _NEW_NAMES.get(lower, lower)


class Row:
    """A record under its column names, old ones and in lower case."""

    def __init__(self, record: Record, columns: dict[str, int], names: list[str]) -> None:
        self.row = record.row
        self.size = record.size
        self._cells = record.cells
        self._columns = columns
        self._names = names

    def has(self, column: str) -> bool:
        return column in self._columns

    def text(self, column: str) -> str:
        at = self._columns.get(column)
        return "" if at is None else restored(self._cells[at]).strip()

    def raw(self, column: str) -> str:
        """With the blanks around it."""
        at = self._columns.get(column)
        return "" if at is None else restored(self._cells[at])

    def pointer(self, column: str) -> str:
        """To the column as the file spells it."""
        at = self._columns.get(column)
        return pointer_to(column if at is None else self._names[at])

    def extras(self) -> dict[str, str]:
        """Columns that we keep as attributes under their names."""
        return {
            self._names[at]: text
            for column, at in self._columns.items()
            if any(mark in column for mark in _EXTRA) and (text := self.text(column))
        }

    def count(self, column: str) -> int | None:
        return count_of(self.text(column), self.pointer(column))

    def truth(self, column: str) -> bool | None:
        return truth_of(self.text(column), self.pointer(column))

    def stock(self, column: str) -> int | None:
        return stock_of(self.text(column), self.pointer(column))

    def amounts(self, column: str, currency: str) -> dict[str, int]:
        return amounts_of(self.text(column), currency, self.pointer(column))
