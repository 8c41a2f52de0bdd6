"""The reports on sales."""

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.analytics import services
from apps.analytics.rest import serializers as wire
from ecommerce.clock import now
from ecommerce.http import APIView, problem_responses, read_query
from ecommerce.identity import MERCHANDISER, OPERATOR

DEFAULT_DAYS = timedelta(days=30)


class DailyRevenueView(APIView):
    """What each day took and gave back."""

    required_roles: ClassVar = {"GET": (MERCHANDISER, OPERATOR)}

    @extend_schema(
        operation_id="reportDailyRevenue",
        tags=["analytics"],
        parameters=[wire.DailyRevenueIn],
        responses={200: wire.DailyRevenueOut, **problem_responses(401, 403, 422)},
    )
    def get(self, request: Request) -> Response:
        asked = read_query(request, wire.DailyRevenueIn)
        end = asked.get("end") or now().date()
        start = asked.get("start") or end - DEFAULT_DAYS
        days = services.daily_revenue(start=start, end=end)
        return Response(wire.DailyRevenueOut({"days": days}).data)


class CustomerOrdersView(APIView):
    """The orders of a customer, for the shop's service desk."""

    required_roles: ClassVar = {"GET": (OPERATOR,)}

    @extend_schema(
        operation_id="reportOrdersOfCustomer",
        tags=["analytics"],
        responses={200: wire.CustomerOrdersOut, **problem_responses(401, 403)},
    )
    def get(self, request: Request, id: UUID) -> Response:
        orders = services.orders_by_customer(customer_id=id)
        return Response(wire.CustomerOrdersOut({"orders": orders}).data)
