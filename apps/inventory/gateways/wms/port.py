"""What every warehouse management system can be asked, and the ways in which it answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from apps.inventory.types import WarehouseReport, WarehouseTask


class Silent(Exception):
    """No answer, or none that can be used: it may have acted. It is to be asked after before it is asked again."""


class Refused(Exception):
    """It has understood, and will not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A report as a callback or a file brings it; ``event_id`` is the same whenever the same thing is told."""

    event_id: str
    report: WarehouseReport


@dataclass(frozen=True, kw_only=True, slots=True)
class OnShelf:
    """Units of a SKU that a warehouse says lie there."""

    sku_id: UUID
    on_hand: int


class WarehouseSystem(Protocol):
    """A connection to one. All that changes something may be repeated: the task's id tells a repeat.

    Raises Silent and Refused.
    """

    def create_pick(self, task: WarehouseTask) -> WarehouseReport | None:
        """Have it pick; None where it tells later whether it will."""

    def announce_receipt(self, task: WarehouseTask) -> WarehouseReport | None:
        """Tell it what is going to arrive."""

    def cancel(self, task: WarehouseTask) -> WarehouseReport | None:
        """Call a task off; one that it has never heard of is not to be done when it comes later."""

    def find(self, task: WarehouseTask) -> WarehouseReport | None:
        """The task as it stands there; None if it has never heard of it or cannot be asked."""

    def inventory(self, location: str, after: UUID) -> Iterator[list[OnShelf]]:
        """All that lies there of SKUs behind one, in pages in the order of their ids."""

    def read_callback(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Message:
        """What a callback says. Raises BadWarehouseSignature, UnreadableReport."""
