"""The REST door to the ledger: its movements, and why on-hand is what it is."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import services
from apps.inventory.queries.history import movements
from apps.inventory.rest import serializers as s
from apps.inventory.rest.history_serializers import (
    ExplanationOut,
    ExplanationPageOut,
    ExplanationQuery,
    MovementIn,
    MovementOut,
    MovementQuery,
)
from apps.inventory.rest.lot_serializers import units_named
from apps.inventory.rest.operators import BY_ID_OR_CODE, REFUSALS, OperatorView
from apps.inventory.types import RecordMovement
from ecommerce.clock import now
from ecommerce.http import idempotent, keyset_page, problem_responses, read_body, read_query

WINDOW = timedelta(days=30)
BEGINNING = datetime.min.replace(tzinfo=UTC)


class MovementsView(OperatorView):
    """The ledger."""

    @extend_schema(
        tags=["inventory"],
        operation_id="listMovements",
        parameters=[MovementQuery],
        responses={200: MovementOut(many=True), **problem_responses(401, 403, 404, 422)},
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        wanted = read_query(request, MovementQuery)
        sku = wanted.get("sku_id")
        rows = movements(
            sku_id=services.find_sku(sku=sku) if sku else None,
            location__code=services.known_location(location=wanted.get("location")),
            kind=wanted.get("type"),
            reference=wanted.get("reference"),
            created_at__gte=wanted.get("since"),
            created_at__lt=wanted.get("until"),
        )
        return keyset_page(request, rows, MovementOut, order=("-created_at", "-id"))

    @extend_schema(
        tags=["inventory"],
        operation_id="recordMovement",
        request=MovementIn,
        responses={201: s.ChangeOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A receipt, return, damage, scrap or adjustment by hand, with its reason.

        Only an adjustment may be below zero. ``damaged`` means units that cannot be sold.
        """
        body = read_body(request, MovementIn)
        sku = services.known_skus(skus=(body["sku_id"],))[body["sku_id"]]
        change = services.record_movement(
            RecordMovement(
                sku_id=sku.id,
                kind=body["type"],
                quantity=body["quantity"],
                damaged=body["damaged"],
                reason=body["reason"],
                location=body["location_id"],
                seller=sku.seller,
                reference=body["reference"],
                actor=str(request.user.pk),
                **units_named(body),
            )
        )
        return Response(s.ChangeOut(change).data, status=201)


class ExplanationView(OperatorView):
    """Why on-hand is what it is."""

    @extend_schema(
        tags=["inventory"],
        operation_id="explainStock",
        parameters=[BY_ID_OR_CODE, ExplanationQuery],
        responses={200: ExplanationPageOut, **problem_responses(401, 403, 404, 422)},
    )
    def get(self, request: Request, sku: str) -> Response:
        """What lay there before ``from``, what moved since by kind, and the movements, newest first.

        Without ``at`` it is now; without ``from``, thirty days before that.
        """
        wanted = read_query(request, ExplanationQuery)
        at = wanted.get("at") or now()
        since = wanted.get("since") or max(at, BEGINNING + WINDOW) - WINDOW
        sku_id: UUID = services.find_sku(sku=sku)
        found = services.explain_stock(
            sku_id=sku_id, location=wanted["location"], since=since, at=at
        )
        rows = movements(
            sku_id=sku_id,
            location__code=wanted["location"],
            created_at__gte=found.since,
            created_at__lte=at,
        )
        page = keyset_page(request, rows, MovementOut, order=("-created_at", "-version"))
        page.data = {**ExplanationOut(found).data, "movements": page.data}
        return page
