"""Requests as commands: every field is looked at, and each that is wrong is named."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from apps.inventory import services
from apps.inventory.grpc import inventory_pb2 as pb
from apps.inventory.types import ReserveStock, StockLine
from ecommerce.errors import Fault, Invalid

MOST_SKUS = 500
MAX_UNITS = 1_000_000_000
LONGEST_NAME = 100
LONGEST_REASON = 200
LONGEST_REFERENCE = 100
LONGEST_CODE = 40
MOST_PLACES = 20
LONGEST_HOLD = timedelta(days=7)


def reservation_of(request: pb.ReserveRequest, now: datetime) -> ReserveStock:
    """The command. Raises Invalid with each fault, UnknownSku."""
    _refuse(
        [
            *_id_faults("order_id", request.order_id),
            *_ttl_faults(request),
            *_text_faults("reference", request.reference, LONGEST_REFERENCE),
            *_item_faults(request),
        ]
    )
    skus = services.find_skus(skus={item.sku for item in request.items})
    return ReserveStock(
        order_id=UUID(request.order_id),
        lines=tuple(
            StockLine(
                sku_id=skus[item.sku],
                quantity=item.quantity,
                locations=tuple(item.location_preference),
                only=item.only,
            )
            for item in request.items
        ),
        expires_at=now + request.ttl.ToTimedelta() if request.HasField("ttl") else None,
        reference=request.reference,
        allow_partial=request.allow_partial,
    )


def order_of(request: pb.ReleaseRequest) -> UUID:
    """Whose stock is given back. Raises Invalid, NoReservation."""
    held = request.WhichOneof("held")
    if held is None:
        _refuse([_fault("held", "name an order or a reservation", "required")])
    name = str(held)
    _refuse(
        [
            *_id_faults(name, getattr(request, name)),
            *_text_faults("reason", request.reason, LONGEST_REASON),
        ]
    )
    if name == "order_id":
        return UUID(request.order_id)
    return services.get_reservation(reservation_id=UUID(request.reservation_id)).order_id


def skus_of(request: pb.StockQuery) -> list[str]:
    """Which SKUs. Raises Invalid."""
    faults = list(_count_faults("skus", len(request.skus)))
    for index, sku in enumerate(request.skus[:MOST_SKUS]):
        faults += _name_faults(f"skus/{index}", sku)
    if request.location:
        faults += _name_faults("location", request.location)
    _refuse(faults)
    return list(request.skus)


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise Invalid("Some of the request is not valid.", faults=faults)


def _item_faults(request: pb.ReserveRequest) -> Iterator[Fault]:
    yield from _count_faults("items", len(request.items))
    for index, item in enumerate(request.items[:MOST_SKUS]):
        yield from _name_faults(f"items/{index}/sku", item.sku)
        if not 1 <= item.quantity <= MAX_UNITS:
            yield _fault(f"items/{index}/quantity", f"is not 1 to {MAX_UNITS}", "range")
        yield from _place_faults(f"items/{index}/location_preference", item.location_preference)


def _place_faults(field: str, codes: Sequence[str]) -> Iterator[Fault]:
    if len(codes) > MOST_PLACES:
        yield _fault(field, f"are more than {MOST_PLACES}", "count")
    if any(not 1 <= len(code) <= LONGEST_CODE or "\x00" in code for code in codes[:MOST_PLACES]):
        yield _fault(field, f"are not 1 to {LONGEST_CODE} characters each", "length")


def _ttl_faults(request: pb.ReserveRequest) -> Iterator[Fault]:
    if not request.HasField("ttl"):
        return
    seconds = request.ttl.seconds
    if not 1 <= seconds < LONGEST_HOLD.total_seconds() or not 0 <= request.ttl.nanos < 10**9:
        yield _fault("ttl", "is not 1 second to 7 days", "range")


def _text_faults(field: str, text: str, longest: int) -> Iterator[Fault]:
    if len(text) > longest or "\x00" in text:
        yield _fault(field, f"is not up to {longest} characters", "length")


def _count_faults(field: str, number: int) -> Iterator[Fault]:
    if not 1 <= number <= MOST_SKUS:
        yield _fault(field, f"are not 1 to {MOST_SKUS}", "count")


def _name_faults(field: str, name: str) -> Iterator[Fault]:
    if not 1 <= len(name) <= LONGEST_NAME or "\x00" in name:
        yield _fault(field, f"is not 1 to {LONGEST_NAME} characters", "length")


def _id_faults(field: str, text: str) -> Iterator[Fault]:
    try:
        UUID(text)
    except ValueError:
        yield _fault(field, "is not a UUID", "uuid")


def _fault(field: str, detail: str, code: str) -> Fault:
    return Fault(pointer=f"/{field}", detail=detail, code=code)
