"""A hold that is to be made, as the statements that make one are told of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

TTL_SECONDS = 30 * 60


@dataclass(frozen=True, kw_only=True, slots=True)
class NewHold:
    """Its key and its end: half an hour from now by the database's clock where nothing is said.

    ``wanted`` is what the call asks for, units or kits by SKU.
    """

    reservation_id: UUID
    order_id: UUID
    wanted: Mapping[UUID, int]
    expires_at: datetime | None = None
    reference: str = ""

    def parameters(self) -> dict[str, Any]:
        """Of the statements' INSERT."""
        return {
            "reservation_id": self.reservation_id,
            "order_id": self.order_id,
            "expires_at": self.expires_at,
            "ttl_seconds": TTL_SECONDS,
            "reference": self.reference,
            "asked": json.dumps({str(sku_id): units for sku_id, units in self.wanted.items()}),
        }
