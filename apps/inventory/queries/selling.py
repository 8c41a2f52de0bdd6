"""What a channel may sell, and the buffers that make it less."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from apps.inventory.models import ChannelBuffer
from apps.inventory.types import Buffer, Sellable
from ecommerce.ids import new_id
from ecommerce.sql import fetch_all

_SELLABLE = """
SELECT w.sku_id,
       greatest(0, coalesce(l.free, 0) - coalesce(own.units, every.units, 0))::int,
       statement_timestamp()
FROM unnest(%(skus)s::uuid[]) AS w(sku_id)
LEFT JOIN LATERAL (
    SELECT sum(l.on_hand - l.reserved - l.allocated) AS free
    FROM inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id
    WHERE l.sku_id = w.sku_id AND p.active AND NOT l.held
      AND (%(location)s::text IS NULL OR p.code = %(location)s)
) l ON true
LEFT JOIN inventory_channelbuffer own ON own.channel = %(channel)s AND own.sku_id = w.sku_id
LEFT JOIN inventory_channelbuffer every ON every.channel = %(channel)s AND every.sku_id IS NULL
"""

_SET = """
INSERT INTO inventory_channelbuffer (id, channel, sku_id, units)
VALUES (%(id)s, %(channel)s, %(sku)s, %(units)s)
ON CONFLICT (channel, sku_id) DO UPDATE SET units = excluded.units
RETURNING id, channel, sku_id, units
"""


def sellable(sku_ids: Collection[UUID], channel: str, location: str | None) -> Sellable:
    """One statement for all SKUs; one without stock has 0."""
    rows = fetch_all(_SELLABLE, skus=list(sku_ids), channel=channel, location=location)
    return Sellable(as_of=rows[0][2], units={sku_id: units for sku_id, units, _ in rows})


def set_buffer(channel: str, sku_id: UUID | None, units: int) -> Buffer:
    """Write the buffer over the one that is there."""
    (row,) = fetch_all(_SET, id=new_id(), channel=channel, sku=sku_id, units=units)
    buffer_id, channel, sku_id, units = row
    return Buffer(id=buffer_id, channel=channel, sku_id=sku_id, units=units)


def drop_buffer(buffer_id: UUID) -> bool:
    """Was it there?"""
    dropped, _ = ChannelBuffer.objects.filter(id=buffer_id).delete()
    return bool(dropped)


def buffers(channel: str | None) -> QuerySet[ChannelBuffer]:
    """All of them or a channel's, to be paged through."""
    found = ChannelBuffer.objects.all()
    return found.filter(channel=channel) if channel else found
