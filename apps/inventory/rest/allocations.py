"""The REST door to allocations."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import services
from apps.inventory.queries import allocation
from apps.inventory.rest import allocation_serializers as s
from apps.inventory.rest.operators import REFUSALS, OperatorView
from apps.inventory.types import AllocateOrder, Pick
from ecommerce.clock import now
from ecommerce.http import idempotent, keyset_page, problem_responses, read_body, read_query


class AllocationsView(OperatorView):
    """Which locations send which orders."""

    @extend_schema(
        tags=["inventory"],
        operation_id="listAllocations",
        parameters=[s.AllocationsQuery],
        responses={200: s.AllocationBriefOut(many=True), **problem_responses(401, 403, 422)},
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        rows = allocation.allocations(status=read_query(request, s.AllocationsQuery).get("status"))
        return keyset_page(request, rows, s.AllocationBriefOut, order=("-created_at", "-id"))

    @extend_schema(
        tags=["inventory"],
        operation_id="createAllocation",
        request=s.AllocateIn,
        responses={201: s.AllocationOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Of a confirmed reservation. Done again it is decided anew, until somebody picks."""
        body = read_body(request, s.AllocateIn)
        held = services.get_reservation(reservation_id=body["reservation_id"])
        picks = body.get("picks", [])
        skus = services.find_skus(skus={one["sku_id"] for one in picks}) if picks else {}
        to = body.get("destination", {})
        made = services.allocate_order(
            AllocateOrder(
                order_id=held.order_id,
                channel=body["channel"],
                country=to.get("country", ""),
                latitude=to.get("latitude"),
                longitude=to.get("longitude"),
                picks=tuple(
                    Pick(
                        sku_id=skus[one["sku_id"]],
                        location=one["location_id"],
                        quantity=one["quantity"],
                    )
                    for one in picks
                ),
            ),
            now=now(),
        )
        return Response(s.AllocationOut(made).data, status=201)


class AllocationView(OperatorView):
    """One allocation."""

    @extend_schema(
        tags=["inventory"],
        operation_id="getAllocation",
        responses={200: s.AllocationOut, **problem_responses(401, 403, 404)},
    )
    def get(self, request: Request, allocation_id: UUID) -> Response:
        """With the reasons of the decision."""
        found = services.get_allocation(allocation_id=allocation_id)
        return Response(s.AllocationOut(found).data)


class ReleaseAllocationView(OperatorView):
    """Give its stock back."""

    @extend_schema(
        tags=["inventory"],
        operation_id="releaseAllocation",
        request=s.ReleaseIn,
        responses={200: s.AllocationOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, allocation_id: UUID) -> Response:
        """What has left has left; picks are called off."""
        body = read_body(request, s.ReleaseIn)
        found = services.release_allocation(
            allocation_id=allocation_id, reason=body["reason"], now=now()
        )
        return Response(s.AllocationOut(found).data)
