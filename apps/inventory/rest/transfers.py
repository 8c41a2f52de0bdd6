"""The REST door to transfers."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import services
from apps.inventory.queries.transfers import transfers
from apps.inventory.rest import transfer_serializers as s
from apps.inventory.rest.operators import REFUSALS, OperatorView
from apps.inventory.types import ArrivedLine, ReceiveTransfer, RequestTransfer, StockLine
from ecommerce.http import idempotent, keyset_page, problem_responses, read_body, read_query
from ecommerce.ids import new_id


class TransfersView(OperatorView):
    """Transfers."""

    @extend_schema(
        tags=["inventory"],
        operation_id="listTransfers",
        parameters=[s.TransferQuery],
        responses={200: s.TransferRowOut(many=True), **problem_responses(401, 403, 404, 422)},
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        wanted = read_query(request, s.TransferQuery)
        rows = transfers(
            status=wanted.get("status"),
            source__code=services.known_location(location=wanted.get("from_location_id")),
            destination__code=services.known_location(location=wanted.get("to_location_id")),
        )
        return keyset_page(request, rows, s.TransferRowOut, order=("-requested_at", "-id"))

    @extend_schema(
        tags=["inventory"],
        operation_id="createTransfer",
        request=s.TransferRequestIn,
        responses={201: s.TransferOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Asked for; with ``ship`` it leaves at once, all lines or none."""
        body = read_body(request, s.TransferRequestIn)
        skus = services.find_skus(skus={item["sku_id"] for item in body["items"]})
        command = RequestTransfer(
            lines=tuple(
                StockLine(sku_id=skus[item["sku_id"]], quantity=item["quantity"])
                for item in body["items"]
            ),
            source=body["from_location_id"],
            destination=body["to_location_id"],
            reason=body["reason"],
            actor=str(request.user.pk),
        )
        make = services.send_transfer if body["ship"] else services.request_transfer
        return Response(s.TransferOut(make(command)).data, status=201)


class TransferView(OperatorView):
    """One transfer."""

    @extend_schema(
        tags=["inventory"],
        operation_id="getTransfer",
        responses={200: s.TransferOut, **problem_responses(401, 403, 404)},
    )
    def get(self, request: Request, transfer_id: UUID) -> Response:
        """Where it is, and what became of its units."""
        return Response(s.TransferOut(services.get_transfer(transfer_id=transfer_id)).data)


class ShipTransferView(OperatorView):
    """It leaves."""

    @extend_schema(
        tags=["inventory"],
        operation_id="shipTransfer",
        request=s.TransferReasonIn,
        responses={200: s.TransferOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, transfer_id: UUID) -> Response:
        """Its units are on hand nowhere until they arrive; the destination expects them."""
        shipped = services.ship_transfer(transfer_id=transfer_id, actor=str(request.user.pk))
        return Response(s.TransferOut(shipped).data)


class ReceiveTransferView(OperatorView):
    """It arrives."""

    @extend_schema(
        tags=["inventory"],
        operation_id="receiveTransfer",
        request=s.ArrivalIn,
        responses={200: s.TransferOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, transfer_id: UUID) -> Response:
        """In parts if need be; with ``complete`` what is missing is lost, and written down as that."""
        body = read_body(request, s.ArrivalIn)
        skus = services.find_skus(skus={item["sku_id"] for item in body["items"]})
        command = ReceiveTransfer(
            transfer_id=transfer_id,
            lines=tuple(
                ArrivedLine(
                    sku_id=skus[item["sku_id"]],
                    received=item["received"],
                    damaged=item["damaged"],
                )
                for item in body["items"]
            ),
            receipt=str(new_id()),
            complete=body["complete"],
            reason=body["reason"],
            actor=str(request.user.pk),
        )
        return Response(s.TransferOut(services.receive_transfer(command)).data)


class CloseTransferView(OperatorView):
    """It is settled."""

    @extend_schema(
        tags=["inventory"],
        operation_id="closeTransfer",
        request=s.TransferReasonIn,
        responses={200: s.TransferOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, transfer_id: UUID) -> Response:
        """What has not come is lost."""
        body = read_body(request, s.TransferReasonIn)
        closed = services.close_transfer(
            transfer_id=transfer_id, reason=body["reason"], actor=str(request.user.pk)
        )
        return Response(s.TransferOut(closed).data)


class CancelTransferView(OperatorView):
    """It stays."""

    @extend_schema(
        tags=["inventory"],
        operation_id="cancelTransfer",
        request=s.TransferReasonIn,
        responses={200: s.TransferOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, transfer_id: UUID) -> Response:
        """Only before it left."""
        read_body(request, s.TransferReasonIn)
        return Response(s.TransferOut(services.cancel_transfer(transfer_id=transfer_id)).data)
