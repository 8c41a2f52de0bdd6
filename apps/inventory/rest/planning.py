"""The REST door to planning: forecasts, proposals, what becomes of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import services
from apps.inventory.queries import planning as queries
from apps.inventory.rest.operators import BY_ID_OR_CODE, REFUSALS, OperatorView
from apps.inventory.rest.purchasing_serializers import PurchaseOrderOut, bounded
from apps.inventory.rest.suppliers import NEWEST, READ
from apps.inventory.types import LocationForecast, ProposeReplenishment
from ecommerce.clock import now
from ecommerce.http import (
    Serializer,
    idempotent,
    page_of,
    page_response,
    read_body,
    read_query,
    slice_of,
    viewer_of,
)
from ecommerce.jobs.rest.serializers import JobOut
from ecommerce.jobs.rest.views import job_response

STATES = ("PROPOSED", "ORDERED", "DISMISSED")


class ForecastQuery(Serializer):
    """For how many days, and of which location."""

    horizon = serializers.IntegerField(min_value=1, max_value=90, default=28)
    location = serializers.CharField(required=False, max_length=40)


class ForecastDayOut(Serializer):
    """Units that a day should sell."""

    date = serializers.DateField()
    quantity = serializers.FloatField()


class LocationForecastOut(Serializer):
    """At a location: the model, and how it did in the backtest (weekly sums) beside seasonal-naive.

    On ``stockoutDays`` of the history it could not be sold: what was wanted then is unknown.
    """

    location_id = serializers.CharField(source="location")
    model = serializers.CharField()
    pattern = serializers.CharField()
    abc_class = serializers.CharField(source="abc")
    history_days = serializers.IntegerField()
    stockout_days = serializers.FloatField()
    sigma_daily = serializers.FloatField()
    wape = serializers.FloatField(allow_null=True)
    bias = serializers.FloatField(allow_null=True)
    naive_wape = serializers.FloatField(allow_null=True)
    naive_bias = serializers.FloatField(allow_null=True)
    computed_at = serializers.DateTimeField()


class ForecastOut(Serializer):
    """A SKU's demand: per day over all locations asked for, and how it was found per location."""

    sku_id = serializers.UUIDField()
    horizon = serializers.IntegerField()
    quantity = serializers.FloatField()
    days = ForecastDayOut(many=True)
    locations = LocationForecastOut(many=True)


class ProposeIn(Serializer):
    """Of which SKUs (ids or codes; all, by a job, where none is named) and how safely to plan."""

    sku_ids = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, max_length=500
    )
    location_id = serializers.CharField(max_length=40, required=False)
    service_level = serializers.FloatField(min_value=0.5, max_value=0.9999, required=False)
    review_days = serializers.FloatField(min_value=0, max_value=90, default=7)


class ReasonOut(Serializer):
    """A rule, what came of it, and why."""

    rule = serializers.CharField()
    outcome = serializers.CharField()
    why = serializers.CharField()


class ProposalOut(Serializer):
    """Units to buy, and why."""

    proposal_id = serializers.UUIDField(source="id")
    sku_id = serializers.UUIDField()
    location_id = serializers.CharField(source="location")
    supplier = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    quantity = serializers.IntegerField(source="units")
    position = serializers.IntegerField()
    safety_stock = serializers.IntegerField()
    reorder_point = serializers.IntegerField()
    order_up_to = serializers.IntegerField()
    reasons = ReasonOut(many=True)
    purchase_order_id = serializers.UUIDField(source="order_id", allow_null=True)
    created_at = serializers.DateTimeField()


class ProposalsOut(Serializer):
    """The proposals that are open now."""

    results = ProposalOut(many=True)


class ProposalQuery(Serializer):
    """Which proposals."""

    state = serializers.ChoiceField(choices=STATES, required=False)
    supplier = serializers.CharField(max_length=40, required=False)
    location = serializers.CharField(max_length=40, required=False)


class OrderProposalsIn(Serializer):
    """Which proposals to order."""

    proposal_ids = serializers.ListField(child=serializers.UUIDField(), allow_empty=False)

    def validate_proposal_ids(self, ids: list[Any]) -> list[Any]:
        """Bounded, because it is one transaction."""
        return bounded(ids)


class OrderProposalsOut(Serializer):
    """The drafts, one per supplier and location."""

    results = PurchaseOrderOut(many=True)


class ForecastView(OperatorView):
    """What a SKU will sell."""

    @extend_schema(
        tags=["planning"],
        operation_id="getForecast",
        parameters=[
            BY_ID_OR_CODE,
            ForecastQuery,
        ],
        responses={200: ForecastOut, **READ},
    )
    def get(self, request: Request, sku: str) -> Response:
        """Per day, with the model and its accuracy beside seasonal-naive."""
        wanted = read_query(request, ForecastQuery)
        found = services.get_forecast(
            sku_id=services.find_sku(sku=sku), location=wanted.get("location")
        )
        return Response(ForecastOut(_summed(found, wanted["horizon"])).data)


class ProposalsView(OperatorView):
    """What should be bought."""

    @extend_schema(
        tags=["planning"],
        operation_id="listReplenishmentProposals",
        parameters=[ProposalQuery],
        responses={200: ProposalOut(many=True), **READ},
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        wanted = read_query(request, ProposalQuery)
        page = page_of(request, order=NEWEST)
        found = queries.proposals(
            state=wanted.get("state"),
            supplier__code=wanted.get("supplier"),
            location__code=services.known_location(location=wanted.get("location")),
        )
        rows, more = slice_of(found, order=NEWEST, page=page)
        shown = [ProposalOut(queries.proposal_view(row)).data for row in rows]
        return page_response(request, shown, rows=rows, more=more, order=NEWEST, page=page)

    @extend_schema(
        tags=["planning"],
        operation_id="proposeReplenishment",
        request=ProposeIn,
        responses={201: ProposalsOut, 202: JobOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Compute what to buy: of the SKUs named at once, of the whole assortment by a job."""
        body = read_body(request, ProposeIn)
        command = ProposeReplenishment(
            sku_ids=_skus(body.get("sku_ids")),
            location=body.get("location_id"),
            service_level=body.get("service_level"),
            review_days=body["review_days"],
        )
        if command.sku_ids is None:
            job = services.start_proposals(command, owner_id=viewer_of(request).user_id)
            return job_response(job, status=202, location=f"/api/v1/jobs/{job.id}")
        made = services.propose_replenishment(command, now=now())
        return Response(ProposalsOut({"results": made}).data, status=201)


class OrderProposalsView(OperatorView):
    """Proposals become purchase orders."""

    @extend_schema(
        tags=["planning"],
        operation_id="orderReplenishmentProposals",
        request=OrderProposalsIn,
        responses={201: OrderProposalsOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A draft per supplier and location."""
        ids = read_body(request, OrderProposalsIn)["proposal_ids"]
        orders = services.order_proposals(
            proposal_ids=set(ids), author=str(request.user.pk), now=now()
        )
        return Response(OrderProposalsOut({"results": orders}).data, status=201)


class ProposalView(OperatorView):
    """One proposal."""

    @extend_schema(
        tags=["planning"],
        operation_id="getReplenishmentProposal",
        responses={200: ProposalOut, **READ},
    )
    def get(self, request: Request, proposal_id: UUID) -> Response:
        """With its reasons."""
        return Response(ProposalOut(services.get_proposal(proposal_id=proposal_id)).data)


class DismissProposalView(OperatorView):
    """Not this time."""

    @extend_schema(
        tags=["planning"],
        operation_id="dismissReplenishmentProposal",
        request=None,
        responses={200: ProposalOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, proposal_id: UUID) -> Response:
        """The next run may propose again."""
        closed = services.dismiss_proposal(proposal_id=proposal_id, now=now())
        return Response(ProposalOut(closed).data)


def _skus(names: Sequence[str] | None) -> tuple[UUID, ...] | None:
    return tuple(services.find_skus(skus=names).values()) if names else None


def _summed(found: Sequence[LocationForecast], horizon: int) -> dict[str, Any]:
    """Days that every location's forecast has, summed."""
    days = services.days_of(found, horizon=horizon)
    return {
        "sku_id": found[0].sku_id,
        "horizon": len(days),
        "quantity": round(sum(units for _, units in days), 4),
        "days": [{"date": day, "quantity": units} for day, units in days],
        "locations": found,
    }
