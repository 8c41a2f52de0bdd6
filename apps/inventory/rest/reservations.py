"""The REST door to reservations."""

from datetime import timedelta
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import services
from apps.inventory.errors import OutOfStock
from apps.inventory.queries.reading import reservations
from apps.inventory.rest import reservation_serializers as s
from apps.inventory.rest.operators import REFUSALS, OperatorView
from apps.inventory.types import ReserveStock, StockLine
from ecommerce.clock import now
from ecommerce.http import (
    idempotent,
    keyset_page,
    problem_responses,
    read_body,
    read_query,
)
from ecommerce.ids import new_id


class ReservationsView(OperatorView):
    """Hold stock."""

    @extend_schema(
        tags=["inventory"],
        operation_id="listReservations",
        parameters=[s.ReservationQuery],
        responses={200: s.ReservationRowOut(many=True), **problem_responses(401, 403, 422)},
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        wanted = read_query(request, s.ReservationQuery)
        return keyset_page(
            request, reservations(**wanted), s.ReservationRowOut, order=("-created_at", "-id")
        )

    @extend_schema(
        tags=["inventory"],
        operation_id="createReservation",
        request=s.ReservationIn,
        responses={201: s.ReservationOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """All items or none, or what there is; soft for a while, or hard at once.

        What a SKU's policy allows beyond the stock is backordered, and promised for a day where one is known.
        """
        body = read_body(request, s.ReservationIn)
        skus = services.find_skus(skus={item["sku_id"] for item in body["items"]})
        seconds = body.get("ttl_seconds")
        command = ReserveStock(
            order_id=body.get("order_id") or new_id(),
            lines=tuple(
                StockLine(
                    sku_id=skus[item["sku_id"]],
                    quantity=item["quantity"],
                    locations=tuple(item["location_preference"]),
                    only=item["only"],
                )
                for item in body["items"]
            ),
            expires_at=now() + timedelta(seconds=seconds) if seconds else None,
            reference=body["reference"],
            allow_partial=body["allow_partial"],
        )
        if body["hold_type"] == "hard":
            held = services.allocate_stock(command, now=now())
        else:
            held = services.hold_stock(command)
        return Response(s.ReservationOut(held).data, status=201)

    def handle_exception(self, exc: Exception) -> Response:
        """A refusal is told of once the transaction that it ended is over."""
        if isinstance(exc, OutOfStock):
            services.tell_refused(exc)
        return super().handle_exception(exc)


class ReservationView(OperatorView):
    """One reservation."""

    @extend_schema(
        tags=["inventory"],
        operation_id="getReservation",
        responses={200: s.ReservationOut, **problem_responses(401, 403, 404)},
    )
    def get(self, request: Request, reservation_id: UUID) -> Response:
        """What it holds, and for how long."""
        found = services.get_reservation(reservation_id=reservation_id)
        return Response(s.ReservationOut(found).data)


class ExtendView(OperatorView):
    """Hold on."""

    @extend_schema(
        tags=["inventory"],
        operation_id="extendReservation",
        request=s.ExtendIn,
        responses={200: s.ReservationOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, reservation_id: UUID) -> Response:
        """For so many seconds from now; never for less than before, nor beyond a week in all."""
        body = read_body(request, s.ExtendIn)
        held = services.extend_reservation(
            reservation_id=reservation_id, seconds=body["ttl_seconds"], now=now()
        )
        return Response(s.ReservationOut(held).data)


class ConfirmView(OperatorView):
    """Soft becomes hard."""

    @extend_schema(
        tags=["inventory"],
        operation_id="confirmReservation",
        request=s.ReasonIn,
        responses={200: s.ReservationOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, reservation_id: UUID) -> Response:
        """Held stock is allocated; what has expired is taken anew if it is there."""
        held = services.get_reservation(reservation_id=reservation_id)
        confirmed = services.confirm_reservation(order_id=held.order_id, now=now())
        return Response(s.ReservationOut(confirmed).data)


class CancelView(OperatorView):
    """The order gives its stock back."""

    @extend_schema(
        tags=["inventory"],
        operation_id="cancelReservation",
        request=s.ReasonIn,
        responses={200: s.ReservationOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, reservation_id: UUID) -> Response:
        """Repeating it changes nothing."""
        body = read_body(request, s.ReasonIn)
        held = services.get_reservation(reservation_id=reservation_id)
        closed = services.cancel_reservation(order_id=held.order_id, reason=body["reason"])
        return Response(s.ReservationOut(closed).data)


class ReleaseView(OperatorView):
    """An operator gives an order's stock back."""

    @extend_schema(
        tags=["inventory"],
        operation_id="releaseReservation",
        request=s.ReasonIn,
        responses={200: s.ReservationOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, reservation_id: UUID) -> Response:
        """Repeating it changes nothing."""
        body = read_body(request, s.ReasonIn)
        held = services.get_reservation(reservation_id=reservation_id)
        closed = services.release_reservation(order_id=held.order_id, reason=body["reason"])
        return Response(s.ReservationOut(closed).data)
