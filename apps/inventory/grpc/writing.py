"""Results as answers, and refusals' details."""

from collections.abc import Iterator
from datetime import datetime

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2 as detail

from apps.inventory.errors import NoReservation, OutOfStock, UnknownLocation, UnknownSku
from apps.inventory.grpc import inventory_pb2 as pb
from apps.inventory.types import Level, Reservation, SkuStock

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
    """What a refusal of inventory says besides: of what there is too little, and what there is not."""
    if isinstance(error, OutOfStock):
        yield pb.Shortages(
            items=[
                pb.Shortage(
                    sku_id=line["skuId"], requested=line["requested"], available=line["available"]
                )
                for line in error.facts["lines"]
            ]
        )
    if (kind := _RESOURCES.get(type(error))) is not None:
        for name in getattr(error, "facts", {}).get("skus") or ("",):
            yield detail.ResourceInfo(
                resource_type=kind, resource_name=name, description=str(error)
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
