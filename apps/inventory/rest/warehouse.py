"""The REST door to warehouses: what they are to do, what they say, what lies there."""

from itertools import islice
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import services
from apps.inventory.errors import UnfitReport
from apps.inventory.queries import warehouse as queries
from apps.inventory.rest import warehouse_serializers as s
from apps.inventory.rest.counting_serializers import CountOut
from apps.inventory.rest.lot_serializers import units_named
from apps.inventory.rest.operators import REFUSALS, OperatorView, actor_of
from apps.inventory.types import AnnounceReceipt, ReportedLine, RequestPick, StockLine
from ecommerce.clock import now
from ecommerce.http import (
    APIView,
    idempotent,
    keyset_page,
    problem_responses,
    read_body,
    read_query,
)

WAREHOUSE = OpenApiParameter(
    "warehouse", str, OpenApiParameter.PATH, description="A location's id or code"
)


class WarehousePickView(OperatorView):
    """Have an order picked."""

    @extend_schema(
        tags=["inventory"],
        operation_id="createPick",
        parameters=[WAREHOUSE],
        request=s.PickIn,
        responses={201: s.TaskOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, warehouse: str) -> Response:
        """On record at once; the warehouse is told as soon as it can be."""
        body = read_body(request, s.PickIn)
        task = services.request_pick(
            RequestPick(
                location=warehouse,
                order_id=body["order_id"],
                lines=_units(body.get("items", [])),
                actor=actor_of(request),
            ),
            now=now(),
        )
        return Response(s.TaskOut(task).data, status=201)


class WarehouseConfirmPickView(OperatorView):
    """Say what was picked."""

    @extend_schema(
        tags=["inventory"],
        operation_id="confirmPick",
        parameters=[WAREHOUSE],
        request=s.ConfirmPickIn,
        responses={200: s.TaskOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, warehouse: str) -> Response:
        """Where people run the warehouse; its system tells it by its webhook."""
        body = read_body(request, s.ConfirmPickIn)
        found = _found(body.get("items", []))
        if len({sku_id for sku_id, _ in found}) < len(found):
            raise UnfitReport("The report names a SKU twice.")
        task = services.confirm_pick(
            location=warehouse,
            task_id=body["task_id"],
            picked=dict(found),
            actor=actor_of(request),
            now=now(),
        )
        return Response(s.TaskOut(task).data)


class WarehouseReceiveView(OperatorView):
    """Say what has arrived."""

    @extend_schema(
        tags=["inventory"],
        operation_id="receiveAtWarehouse",
        parameters=[WAREHOUSE],
        request=s.ReceiveIn,
        responses={200: s.TaskOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, warehouse: str) -> Response:
        """Of an announced receipt, or of goods that nobody announced."""
        body = read_body(request, s.ReceiveIn)
        skus = services.find_skus(skus={one["sku_id"] for one in body["items"]})
        task = services.receive_goods(
            location=warehouse,
            task_id=body.get("task_id"),
            reference=body["reference"],
            lines=[
                ReportedLine(
                    sku_id=skus[one["sku_id"]],
                    quantity=one.get("expected") or one["received"] + one["damaged"],
                    done=one["received"],
                    damaged=one["damaged"],
                    **units_named(one),
                )
                for one in body["items"]
            ],
            actor=actor_of(request),
            now=now(),
        )
        return Response(s.TaskOut(task).data)


class WarehouseReceiptsView(OperatorView):
    """Announce goods."""

    @extend_schema(
        tags=["inventory"],
        operation_id="announceReceipt",
        parameters=[WAREHOUSE],
        request=s.AnnounceIn,
        responses={201: s.TaskOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, warehouse: str) -> Response:
        """On record at once; the warehouse is told as soon as it can be."""
        body = read_body(request, s.AnnounceIn)
        task = services.announce_receipt(
            AnnounceReceipt(
                location=warehouse,
                reference=body["reference"],
                lines=_units(body["items"]),
                incoming=body["incoming"],
                actor=actor_of(request),
            ),
            now=now(),
        )
        return Response(s.TaskOut(task).data, status=201)


class WarehouseTasksView(OperatorView):
    """What a warehouse is to do."""

    @extend_schema(
        tags=["inventory"],
        operation_id="listWarehouseTasks",
        parameters=[WAREHOUSE, s.TasksQuery],
        responses={200: s.TaskRowOut(many=True), **problem_responses(401, 403, 404, 422)},
    )
    def get(self, request: Request, warehouse: str) -> Response:
        """Newest first."""
        wanted = read_query(request, s.TasksQuery)
        rows = queries.tasks(
            location=warehouse, status=wanted.get("status"), order_id=wanted.get("order_id")
        )
        return keyset_page(request, rows, s.TaskRowOut, order=("-created_at", "-id"))


class WarehouseTaskView(OperatorView):
    """A task."""

    @extend_schema(
        tags=["inventory"],
        operation_id="getWarehouseTask",
        responses={200: s.TaskOut, **problem_responses(401, 403, 404)},
    )
    def get(self, request: Request, task_id: UUID) -> Response:
        """How far it is."""
        return Response(s.TaskOut(services.get_task(task_id=task_id)).data)


class CancelWarehouseTaskView(OperatorView):
    """Call a task off."""

    @extend_schema(
        tags=["inventory"],
        operation_id="cancelWarehouseTask",
        request=s.CancelTaskIn,
        responses={200: s.TaskOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, task_id: UUID) -> Response:
        """Until the warehouse has agreed, the task goes on as it is."""
        body = read_body(request, s.CancelTaskIn)
        task = services.cancel_task(task_id=task_id, reason=body["reason"], now=now())
        return Response(s.TaskOut(task).data)


class WarehouseInventoryView(OperatorView):
    """What a warehouse says lies there."""

    @extend_schema(
        tags=["inventory"],
        operation_id="getWarehouseInventory",
        parameters=[WAREHOUSE, s.WarehouseStockQuery],
        responses={200: s.WarehouseStockPage, **problem_responses(401, 403, 404, 409, 422, 503)},
    )
    def get(self, request: Request, warehouse: str) -> Response:
        """Asked now, beside what we think."""
        wanted = read_query(request, s.WarehouseStockQuery)
        size = wanted["page_size"]
        found = list(
            islice(
                services.warehouse_stock(location=warehouse, after=wanted.get("after")), size + 1
            )
        )
        more = f"?after={found[size - 1].sku_id}&pageSize={size}" if len(found) > size else None
        return Response(s.WarehouseStockPage({"results": found[:size], "next": more}).data)


class ComparisonsView(OperatorView):
    """How a warehouse's stock compared with ours."""

    @extend_schema(
        tags=["inventory"],
        operation_id="listStockComparisons",
        parameters=[WAREHOUSE],
        responses={200: s.ComparisonOut(many=True), **problem_responses(401, 403, 404)},
    )
    def get(self, request: Request, warehouse: str) -> Response:
        """Newest first."""
        rows = queries.comparisons(location=warehouse)
        return keyset_page(request, rows, s.ComparisonOut, order=("-compared_at", "-id"))


class CountDifferencesView(OperatorView):
    """Have somebody decide on what differs."""

    @extend_schema(
        tags=["inventory"],
        operation_id="countStockDifferences",
        request=s.CancelTaskIn,
        responses={201: CountOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, comparison_id: UUID) -> Response:
        """A count with the warehouse's numbers noted: to be reviewed and applied as any."""
        count = services.count_differences(
            comparison_id=comparison_id, actor=actor_of(request), now=now()
        )
        return Response(CountOut(count).data, status=201)


class WarehouseWebhookView(APIView):
    """What a warehouse's system tells, signed."""

    authentication_classes = ()
    throttle_scope = "webhooks"

    @extend_schema(
        tags=["inventory"],
        operation_id="receiveWarehouseWebhook",
        request=OpenApiTypes.OBJECT,
        parameters=[
            WAREHOUSE,
            OpenApiParameter(
                "Sandbox-Signature",
                str,
                OpenApiParameter.HEADER,
                description='t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">',
            ),
        ],
        responses={200: s.CallbackOut, **problem_responses(401, 404, 409, 422)},
    )
    def post(self, request: Request, warehouse: str) -> Response:
        """Kept once per event, however often and in whatever order it comes."""
        new = services.receive_callback(
            location=warehouse, body=request.body, headers=request.headers, now=now()
        )
        return Response(s.CallbackOut({"duplicate": not new}).data)


def _found(items: Any) -> list[tuple[UUID, int]]:
    skus = services.find_skus(skus={one["sku_id"] for one in items}) if items else {}
    return [(skus[one["sku_id"]], one["picked"]) for one in items]


def _units(items: Any) -> tuple[StockLine, ...]:
    if not items:
        return ()
    skus = services.find_skus(skus={one["sku_id"] for one in items})
    return tuple(StockLine(sku_id=skus[one["sku_id"]], quantity=one["quantity"]) for one in items)
