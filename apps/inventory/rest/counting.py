"""The REST door to counts, which the seeds call reconciliations."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import services
from apps.inventory.queries import count_units, counting
from apps.inventory.rest import counting_serializers as s
from apps.inventory.rest.operators import REFUSALS, OperatorView, actor_of
from apps.inventory.types import Count, FoundUnits, ShelfCount, StartCount
from ecommerce.clock import now
from ecommerce.http import (
    idempotent,
    keyset_page,
    problem_responses,
    read_body,
    read_query,
)

LINES = PolymorphicProxySerializer(
    component_name="CountLines",
    serializers=[s.CountLineOut, s.BlindLineOut],
    resource_type_field_name=None,
    many=True,
)
UNITS = PolymorphicProxySerializer(
    component_name="CountUnits",
    serializers=[s.CountUnitsOut, s.BlindUnitsOut],
    resource_type_field_name=None,
    many=True,
)


class CountsView(OperatorView):
    """Counts of what lies on the shelves."""

    @extend_schema(
        tags=["inventory"],
        operation_id="listReconciliations",
        parameters=[s.CountsQuery],
        responses={200: s.CountBriefOut(many=True), **problem_responses(401, 403, 404, 422)},
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        wanted = read_query(request, s.CountsQuery)
        location = services.known_location(location=wanted.get("location"))
        rows = counting.sessions(status=wanted.get("status"), location=location)
        return keyset_page(request, rows, s.CountBriefOut, order=("-opened_at", "-id"))

    @extend_schema(
        tags=["inventory"],
        operation_id="startReconciliation",
        request=s.StartCountIn,
        responses={201: s.CountOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Put on a list what is to count; counts that are known already may come along."""
        body = read_body(request, s.StartCountIn)
        counts = _shelf(body["counts"])
        named = services.find_skus(skus=set(body["sku_ids"])) if body["sku_ids"] else {}
        count = services.start_count(
            StartCount(
                location=body["location_id"],
                scope=body["scope"],
                sku_ids=(*named.values(), *(one.sku_id for one in counts)),
                abc_class=body.get("abc_class", ""),
                limit=body.get("limit"),
                blind=body["blind"],
                hold_units=body.get("hold_units"),
                hold_percent=body.get("hold_percent"),
                note=body["note"],
                actor=actor_of(request),
            ),
            now=now(),
        )
        if counts:
            count = services.note_counts(
                count_id=count.id, counts=counts, actor=actor_of(request), now=now()
            )
        return _shown(count, status=201)


class CountView(OperatorView):
    """One count."""

    @extend_schema(
        tags=["inventory"],
        operation_id="getReconciliation",
        responses={200: s.CountOut, **problem_responses(401, 403, 404)},
    )
    def get(self, request: Request, count_id: UUID) -> Response:
        """In numbers; its lines are at ``/lines``."""
        return _shown(services.get_count(count_id=count_id))


class CountLinesView(OperatorView):
    """The lines of a count."""

    @extend_schema(
        tags=["inventory"],
        operation_id="listReconciliationLines",
        parameters=[s.LinesQuery],
        responses={200: LINES, **problem_responses(401, 403, 404, 422)},
    )
    def get(self, request: Request, count_id: UUID) -> Response:
        """In a blind count that is open, without what is expected."""
        varying = read_query(request, s.LinesQuery)["varying"]
        count = services.get_count(count_id=count_id)
        blind = count.is_secret
        rows = counting.lines(count_id=count_id, varying=varying and not blind)
        shape = s.BlindLineOut if blind else s.CountLineOut
        return keyset_page(request, rows, shape, order=("id",))


class CountUnitsView(OperatorView):
    """What was counted of each lot and number."""

    @extend_schema(
        tags=["inventory"],
        operation_id="listReconciliationUnits",
        parameters=[s.LinesQuery],
        responses={200: UNITS, **problem_responses(401, 403, 404, 422)},
    )
    def get(self, request: Request, count_id: UUID) -> Response:
        """Of SKUs whose units are told apart; in a blind count that is open, what was found only."""
        varying = read_query(request, s.LinesQuery)["varying"]
        count = services.get_count(count_id=count_id)
        blind = count.is_secret
        rows = count_units.units(count_id=count_id, varying=varying and not blind, seen_only=blind)
        shape = s.BlindUnitsOut if blind else s.CountUnitsOut
        return keyset_page(request, rows, shape, order=("id",))


class ShelfCountsView(OperatorView):
    """What was found."""

    @extend_schema(
        tags=["inventory"],
        operation_id="noteCounts",
        request=s.CountsIn,
        responses={200: s.CountOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, count_id: UUID) -> Response:
        """The last word on a SKU counts; one that was not on the list was found there."""
        counts = _shelf(read_body(request, s.CountsIn)["counts"])
        return _shown(
            services.note_counts(
                count_id=count_id, counts=counts, actor=actor_of(request), now=now()
            )
        )


class CountReviewView(OperatorView):
    """The counts are in."""

    @extend_schema(
        tags=["inventory"],
        operation_id="reviewReconciliation",
        request=s.ReviewIn,
        responses={200: s.CountOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, count_id: UUID) -> Response:
        """Small variances are accepted, large ones held from sale until they are decided on."""
        body = read_body(request, s.ReviewIn)
        return _shown(
            services.review_count(
                count_id=count_id, missing_is_none=body["missing_is_none"], now=now()
            )
        )


class CountDecisionsView(OperatorView):
    """What becomes of variances."""

    @extend_schema(
        tags=["inventory"],
        operation_id="decideReconciliation",
        request=s.DecisionsIn,
        responses={200: s.CountOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, count_id: UUID) -> Response:
        """Accept, have counted again, or reject."""
        decisions = read_body(request, s.DecisionsIn)["decisions"]
        skus = services.find_skus(skus={one["sku_id"] for one in decisions})
        return _shown(
            services.decide_count(
                count_id=count_id,
                decisions={skus[one["sku_id"]]: one["decision"] for one in decisions},
                actor=actor_of(request),
                now=now(),
            )
        )


class CountApplyView(OperatorView):
    """Book the differences."""

    @extend_schema(
        tags=["inventory"],
        operation_id="applyReconciliation",
        request=s.NothingIn,
        responses={200: s.AppliedOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, count_id: UUID) -> Response:
        """What was accepted goes into the ledger; what the stock does not allow is refused with its reason."""
        read_body(request, s.NothingIn)
        applied = services.apply_count(count_id=count_id, actor=actor_of(request), now=now())
        return Response(s.AppliedOut(applied).data)


class CountCancelView(OperatorView):
    """Call a count off."""

    @extend_schema(
        tags=["inventory"],
        operation_id="cancelReconciliation",
        request=s.NothingIn,
        responses={200: s.CountOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, count_id: UUID) -> Response:
        """Nothing more is booked, and what it held can be sold again."""
        read_body(request, s.NothingIn)
        return _shown(services.cancel_count(count_id=count_id, actor=actor_of(request), now=now()))


def _shelf(items: list[dict[str, Any]]) -> list[ShelfCount]:
    skus = services.find_skus(skus={item["sku_id"] for item in items}) if items else {}
    return [_shelf_count(skus[item["sku_id"]], item) for item in items]


def _shelf_count(sku_id: UUID, item: dict[str, Any]) -> ShelfCount:
    found = [FoundUnits(serial=number) for number in item.get("serials", ())]
    for lot in item.get("lots", ()):
        code, day = lot["lot_id"], lot.get("expires_on")
        if numbers := lot.get("serials"):
            found += [FoundUnits(lot=code, serial=number, expires_on=day) for number in numbers]
        else:
            found.append(FoundUnits(lot=code, quantity=lot["quantity"], expires_on=day))
    counted = item.get("counted", sum(one.quantity for one in found))
    return ShelfCount(sku_id=sku_id, counted=counted, found=tuple(found))


def _shown(count: Count, *, status: int = 200) -> Response:
    return Response(s.CountOut(count).data, status=status)
