"""Results as answers, and refusals' details."""

from collections.abc import Iterator
from datetime import datetime

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2 as detail

from apps.inventory.errors import (
    NoReservation,
    OutOfStock,
    ReservationDiffers,
    UnknownLocation,
    UnknownSku,
)
from apps.inventory.grpc import inventory_pb2 as pb
from apps.inventory.types import BackorderedLine, Level, Reservation, SkuStock

_RESOURCES: dict[type[Exception], str] = {
    NoReservation: "reservation",
    UnknownLocation: "location",
    UnknownSku: "sku",
}


def reservation_out(held: Reservation) -> pb.Reservation:
    return pb.Reservation(
        reservation_id=str(held.id),
        order_id=str(held.order_id),
        status=f"RESERVATION_STATUS_{held.status}",
        expires_at=moment_out(held.expires_at),
        created_at=moment_out(held.created_at),
        items=[
            pb.HeldItem(
                sku_id=str(line.sku_id),
                location=line.location,
                quantity=line.quantity,
                shipped=line.shipped,
            )
            for line in held.lines
        ],
        short=[
            pb.Shortage(sku_id=str(one.sku_id), requested=one.requested, available=one.available)
            for one in held.short
        ],
        backordered=map(_backordered_out, held.backordered),
        kits=[
            pb.HeldKit(sku_id=str(kit.sku_id), quantity=kit.quantity, shipped=kit.shipped)
            for kit in held.kits
        ],
        reference=held.reference,
    )


def status_out(sku: str, stock: SkuStock, *, levels: bool) -> pb.SkuStatus:
    total = stock.total
    return pb.SkuStatus(
        sku=sku,
        sku_id=str(total.sku_id),
        on_hand=total.on_hand,
        reserved=total.reserved,
        allocated=total.allocated,
        available=total.available,
        damaged=total.damaged,
        incoming=total.incoming,
        levels=map(_level_out, stock.levels) if levels else (),
    )


def moment_out(moment: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp


def details_of(error: Exception) -> Iterator[Message]:
    """What a refusal of inventory says besides: of what there is too little, and what there is not.

    And where the order holds something else, what differs.
    """
    if isinstance(error, OutOfStock):
        yield pb.Shortages(
            items=[
                pb.Shortage(
                    sku_id=line["skuId"], requested=line["requested"], available=line["available"]
                )
                for line in error.facts["lines"]
            ]
        )
    if isinstance(error, ReservationDiffers):
        yield pb.Differences(
            items=[
                pb.Difference(sku_id=item["skuId"], first=item["first"], now=item["now"])
                for item in error.facts["items"]
            ]
        )
    if (kind := _RESOURCES.get(type(error))) is not None:
        for name in getattr(error, "facts", {}).get("skus") or ("",):
            yield detail.ResourceInfo(
                resource_type=kind, resource_name=name, description=str(error)
            )


def _backordered_out(late: BackorderedLine) -> pb.BackorderedItem:
    return pb.BackorderedItem(
        sku_id=str(late.sku_id),
        quantity=late.quantity,
        filled=late.filled,
        open=late.open,
        promised_at=moment_out(late.promised_at) if late.promised_at else None,
    )


def _level_out(level: Level) -> pb.Level:
    return pb.Level(
        location=level.location,
        on_hand=level.on_hand,
        reserved=level.reserved,
        allocated=level.allocated,
        available=level.available,
        damaged=level.damaged,
        incoming=level.incoming,
        held=level.held,
        version=level.version,
    )
