"""The gRPC door to stock: reads a request, calls one service, writes the answer."""

from apps.accounts import services as accounts
from apps.inventory import services
from apps.inventory.errors import NoReservation, OutOfStock
from apps.inventory.grpc import inventory_pb2 as pb
from apps.inventory.grpc import reading, writing
from ecommerce.clock import now
from ecommerce.errors import ShopError
from ecommerce.grpc import Door, Method
from ecommerce.identity import OPERATOR, Viewer


def reserve_stock(request: pb.ReserveRequest) -> pb.ReserveResponse:
    """All items or none, or what there is; soft for a while, or hard at once."""
    moment = now()
    command = reading.reservation_of(request, moment)
    if request.hold == pb.HOLD_TYPE_HARD:
        held = services.allocate_stock(command, now=moment)
    else:
        held = services.hold_stock(command)
    return pb.ReserveResponse(reservation=writing.reservation_out(held))


def release_stock(request: pb.ReleaseRequest) -> pb.ReleaseResponse:
    """The order's stock is anybody's again."""
    order_id = reading.order_of(request)
    released = services.release_reservation(order_id=order_id, reason=request.reason)
    if released is None:
        raise NoReservation(f"order {order_id} holds no stock")
    return pb.ReleaseResponse(reservation=writing.reservation_out(released))


def query_stock(request: pb.StockQuery) -> pb.StockStatus:
    """In the order asked, all of one moment."""
    names = reading.skus_of(request)
    ids = services.find_skus(skus=set(names))
    stock = services.read_stock(sku_ids=set(ids.values()), location=request.location or None)
    return pb.StockStatus(
        skus=[
            writing.status_out(name, stock.skus[ids[name]], levels=request.include_levels)
            for name in names
        ],
        as_of=writing.moment_out(stock.as_of),
    )


def tell(refusal: ShopError) -> None:
    """Others want to know of what there was too little."""
    if isinstance(refusal, OutOfStock):
        services.tell_refused(refusal)


def viewer_of(token: str) -> Viewer:
    viewer, _ = accounts.authenticate_token(token)
    return viewer


INVENTORY = Door(
    service=pb.DESCRIPTOR.services_by_name["Inventory"],
    methods={
        "ReserveStock": Method(answer=reserve_stock, roles=(OPERATOR,)),
        "ReleaseStock": Method(answer=release_stock, roles=(OPERATOR,)),
        "QueryStock": Method(answer=query_stock, roles=(OPERATOR,)),
    },
    authenticate=viewer_of,
    details=writing.details_of,
    refused=tell,
)
