"""The REST door to deliveries: announced, received in parts, differences settled."""

from uuid import UUID, uuid5

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import services
from apps.inventory.queries import purchasing as queries
from apps.inventory.rest import inbound_serializers as s
from apps.inventory.rest.operators import REFUSALS, OperatorView
from apps.inventory.rest.suppliers import NEWEST, READ
from apps.inventory.types import (
    AnnounceInbound,
    ArrivedItem,
    ExpectedItem,
    ReceiveInbound,
    SettleDiscrepancy,
)
from ecommerce.clock import now
from ecommerce.http import (
    idempotent,
    page_of,
    page_response,
    read_body,
    read_query,
    slice_of,
)
from ecommerce.http.idempotency import key_of
from ecommerce.ids import new_id

OLDEST = ("created_at", "id")


class InboundsView(OperatorView):
    """Deliveries."""

    @extend_schema(
        tags=["inbound"],
        operation_id="listInbounds",
        parameters=[s.InboundQuery],
        responses={200: s.InboundOut(many=True), **READ},
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        wanted = read_query(request, s.InboundQuery)
        page = page_of(request, order=NEWEST)
        found = queries.inbounds_where(
            state=wanted.get("state"), order_id=wanted.get("purchase_order_id")
        )
        rows, more = slice_of(found, order=NEWEST, page=page)
        shown = [s.InboundOut(queries.inbound_view(row)).data for row in rows]
        return page_response(request, shown, rows=rows, more=more, order=NEWEST, page=page)

    @extend_schema(
        tags=["inbound"],
        operation_id="createInbound",
        request=s.InboundIn,
        responses={201: s.InboundOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Announce a delivery, of a purchase order or without one."""
        body = read_body(request, s.InboundIn)
        skus = services.find_skus(skus={item["sku_id"] for item in body["items"]})
        made = services.create_inbound(
            AnnounceInbound(
                order_id=body.get("purchase_order_id"),
                items=tuple(
                    ExpectedItem(
                        sku_id=skus[item["sku_id"]],
                        units=item["quantity"],
                        unit_cost_minor=item["unit_cost"].amount if "unit_cost" in item else None,
                    )
                    for item in body["items"]
                ),
                location=body["location_id"],
                supplier=body["supplier"],
                reference=body["reference"],
                expected_at=body.get("expected_at"),
            ),
            now=now(),
        )
        return Response(s.InboundOut(made).data, status=201)


class InboundView(OperatorView):
    """One delivery."""

    @extend_schema(
        tags=["inbound"], operation_id="getInbound", responses={200: s.InboundOut, **READ}
    )
    def get(self, request: Request, inbound_id: UUID) -> Response:
        """With what came, and the discrepancy report."""
        return Response(s.InboundOut(services.get_inbound(inbound_id=inbound_id)).data)


class ReceiveView(OperatorView):
    """A delivery is unloaded."""

    @extend_schema(
        tags=["inbound"],
        operation_id="receiveInbound",
        request=s.ReceiveIn,
        responses={200: s.InboundOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, inbound_id: UUID) -> Response:
        """In one go or in parts; good units go on hand at once, what differs is noted."""
        body = read_body(request, s.ReceiveIn)
        skus = services.find_skus(skus={item["sku_id"] for item in body["items"]})
        moment = now()
        command = ReceiveInbound(
            inbound_id=inbound_id,
            key=_key(request, inbound_id),
            items=tuple(
                ArrivedItem(
                    sku_id=skus[item["sku_id"]],
                    received=item["received"],
                    damaged=item["damaged"],
                    lot=item["lot"],
                    expires_on=item.get("expires_on"),
                    serials=tuple(item["serials"]),
                )
                for item in body["items"]
            ),
            occurred_at=body.get("received_at") or moment,
            final=body["final"],
            actor=str(request.user.pk),
        )
        return Response(s.InboundOut(services.receive_inbound(command, now=moment)).data)


class CancelInboundView(OperatorView):
    """It does not come."""

    @extend_schema(
        tags=["inbound"],
        operation_id="cancelInbound",
        request=None,
        responses={200: s.InboundOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, inbound_id: UUID) -> Response:
        """As long as nothing of it is here. A warehouse that was told of it has the word."""
        return Response(
            s.InboundOut(services.cancel_inbound(inbound_id=inbound_id, now=now())).data
        )


class DiscrepanciesView(OperatorView):
    """Where deliveries differ."""

    @extend_schema(
        tags=["inbound"],
        operation_id="listDiscrepancies",
        parameters=[s.DiscrepancyQuery],
        responses={200: s.DiscrepancyOut(many=True), **READ},
    )
    def get(self, request: Request) -> Response:
        """Oldest first."""
        page = page_of(request, order=OLDEST)
        found = queries.discrepancies()
        if state := read_query(request, s.DiscrepancyQuery).get("state"):
            found = found.filter(state=state)
        rows, more = slice_of(found, order=OLDEST, page=page)
        shown = [s.DiscrepancyOut(queries.discrepancy_view(row, row.line)).data for row in rows]
        return page_response(request, shown, rows=rows, more=more, order=OLDEST, page=page)


class SettleView(OperatorView):
    """A difference ends."""

    @extend_schema(
        tags=["inbound"],
        operation_id="settleDiscrepancy",
        request=s.SettleIn,
        responses={200: s.DiscrepancyOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, discrepancy_id: UUID) -> Response:
        """Accepted, credited, or counted again."""
        body = read_body(request, s.SettleIn)
        settled = services.settle_discrepancy(
            SettleDiscrepancy(
                discrepancy_id=discrepancy_id,
                how=body["how"],
                credit_minor=body["credit"].amount if "credit" in body else 0,
                counted=body.get("counted"),
                disposal=body.get("disposal", ""),
                note=body["note"],
                actor=str(request.user.pk),
            ),
            now=now(),
        )
        return Response(s.DiscrepancyOut(settled).data)


def _key(request: Request, inbound_id: UUID) -> str:
    """The caller's key, one's own and nobody else's; without one every request is another unloading."""
    key = key_of(request)
    return str(uuid5(inbound_id, f"{request.user.pk}:{key}") if key else new_id())
