"""What a channel may sell, and the buffers that make it less."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

import orjson
from django.db.models import QuerySet

from apps.inventory.models import ChannelBuffer, Location
from apps.inventory.queries import levels, reading
from apps.inventory.types import Buffer, Sellable
from ecommerce.ids import new_id
from ecommerce.sql import fetch_all

_BUFFERS = """
SELECT statement_timestamp(), coalesce(jsonb_object_agg(coalesce(b.sku_id::text, ''), b.units)
                                       FILTER (WHERE b.units IS NOT NULL), '{}')::text
FROM (VALUES (1)) AS one
LEFT JOIN inventory_channelbuffer b ON b.channel = %(channel)s
    AND (b.sku_id = ANY(%(skus)s::uuid[]) OR b.sku_id IS NULL)
"""

_SET = """
INSERT INTO inventory_channelbuffer (id, channel, sku_id, units)
VALUES (%(id)s, %(channel)s, %(sku)s, %(units)s)
ON CONFLICT (channel, sku_id) DO UPDATE SET units = excluded.units
RETURNING id, channel, sku_id, units
"""


def sellable(sku_ids: Collection[UUID], channel: str, location: str | None) -> Sellable:
    """Two statements for all SKUs; one without stock has 0."""
    ((as_of, told),) = fetch_all(_BUFFERS, skus=list(sku_ids), channel=channel)
    buffers = orjson.loads(told)
    known = reading.availability(sku_ids)
    free = {sku_id: one.available for sku_id, one in known.items()}
    if location is not None:
        open_here = Location.objects.filter(code=location, active=True).exists()
        here = levels.read(sku_ids, location).skus
        free = {
            sku_id: min(units, here[sku_id].total.available) if open_here else 0
            for sku_id, units in free.items()
        }
    for sku_id, one in known.items():
        kept = buffers.get(str(sku_id), buffers.get("", one.safety_buffer))
        left = max(0, free[sku_id] - kept)
        if left != one.available:
            known[sku_id] = replace(one, available=left)
    return Sellable(as_of=as_of, skus=known)


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
