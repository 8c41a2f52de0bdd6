"""What a channel may sell."""

from collections.abc import Collection
from uuid import UUID

from apps.inventory.errors import NegativeBuffer, NoBuffer
from apps.inventory.queries import selling
from apps.inventory.services._write import location_ids
from apps.inventory.types import Buffer, Sellable
from ecommerce.dimensions import CHANNEL


def sellable(
    *, sku_ids: Collection[UUID], channel: str = CHANNEL, location: str | None = None
) -> Sellable:
    """Units that a channel may sell of each SKU now: ``max(0, available - buffer)``, in two statements.

    Over the active locations, or at one of them. A SKU's own buffer goes before the channel's, and that before
    what the SKU's policy keeps back from every channel.
    Raises UnknownLocation.
    """
    if not sku_ids:
        raise ValueError("the stock of no SKU")
    if location is not None:
        location_ids(location)
    return selling.sellable(sku_ids, channel, location)


def set_channel_buffer(*, channel: str, units: int, sku_id: UUID | None = None) -> Buffer:
    """Hold units back from a channel: of a SKU, or of every one that has no buffer of its own.

    The last one set counts; 0 lets a SKU be sold to its last unit where the channel has a buffer for all.
    Raises NegativeBuffer.
    """
    if units < 0:
        raise NegativeBuffer
    return selling.set_buffer(channel, sku_id, units)


def drop_channel_buffer(*, buffer_id: UUID) -> None:
    """Hold nothing back any more. Raises NoBuffer."""
    if not selling.drop_buffer(buffer_id):
        raise NoBuffer(f"no buffer {buffer_id}")
