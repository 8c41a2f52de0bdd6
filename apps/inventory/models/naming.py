"""What a row about a SKU calls it."""

from typing import Any
from uuid import UUID


class OfSku:
    """A row that keeps a ``sku_id``: it uses the SKU's code where whoever shows it has looked that up."""

    sku_id: UUID

    @property
    def sku_name(self) -> str:
        """The code (``named_sku`` is what the back office found), or else the id."""
        named: Any = getattr(self, "named_sku", None)
        return named.code if named else str(self.sku_id)
