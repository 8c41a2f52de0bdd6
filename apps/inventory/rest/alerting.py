"""The REST door to alerts."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import services
from apps.inventory.queries import alerting
from apps.inventory.rest import alerting_serializers as s
from apps.inventory.rest.operators import REFUSALS, OperatorView
from apps.inventory.types import Watch, WatchStock
from ecommerce.http import (
    idempotent,
    keyset_page,
    problem_responses,
    read_body,
    read_query,
)


class AlertRulesView(OperatorView):
    """What is watched."""

    @extend_schema(
        tags=["inventory"],
        operation_id="listAlertRules",
        responses={200: s.AlertRuleOut(many=True), **problem_responses(401, 403)},
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        rows = alerting.rules()
        return keyset_page(request, rows, s.AlertRuleOut, order=("-created_at", "-id"))

    @extend_schema(
        tags=["inventory"],
        operation_id="createAlertRule",
        request=s.AlertRuleIn,
        responses={201: s.NewAlertRuleOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """The answer tells the webhook's secret, once."""
        body = read_body(request, s.AlertRuleIn)
        sku = body.get("sku_id")
        rule = services.watch_stock(
            WatchStock(
                name=body["name"],
                watch=Watch(body["watch"]),
                threshold=body["threshold"],
                clear_by=body["clear_by"],
                for_seconds=body["for_seconds"],
                sku_id=services.find_sku(sku=sku) if sku else None,
                location=body.get("location_id"),
                emails=tuple(body["emails"]),
                webhook_url=body["webhook_url"],
                actor=str(request.user.pk),
            )
        )
        return Response(s.NewAlertRuleOut(rule).data, status=201)


class AlertRuleView(OperatorView):
    """A rule."""

    @extend_schema(
        tags=["inventory"],
        operation_id="getAlertRule",
        responses={200: s.AlertRuleOut, **problem_responses(401, 403, 404)},
    )
    def get(self, request: Request, rule_id: UUID) -> Response:
        """Without its secret."""
        return Response(s.AlertRuleOut(services.get_alert_rule(rule_id=rule_id)).data)

    @extend_schema(
        tags=["inventory"],
        operation_id="changeAlertRule",
        request=s.AlertRuleChange,
        responses={200: s.AlertRuleOut, **REFUSALS},
    )
    @idempotent
    def patch(self, request: Request, rule_id: UUID) -> Response:
        """What is said changes; alerts follow at the next look."""
        body = read_body(request, s.AlertRuleChange)
        body.pop("idempotency_key", None)
        changed = services.change_alert_rule(rule_id=rule_id, changes=body)
        return Response(s.AlertRuleOut(changed).data)

    @extend_schema(
        tags=["inventory"],
        operation_id="deleteAlertRule",
        responses={204: None, **problem_responses(401, 403, 404)},
    )
    def delete(self, request: Request, rule_id: UUID) -> Response:
        """With what it found."""
        services.stop_alert_rule(rule_id=rule_id)
        return Response(status=204)


class AlertRuleInstancesView(OperatorView):
    """What a rule found."""

    @extend_schema(
        tags=["inventory"],
        operation_id="listAlertInstances",
        parameters=[s.AlertsQuery],
        responses={200: s.AlertOut(many=True), **problem_responses(401, 403, 404, 422)},
    )
    def get(self, request: Request, rule_id: UUID) -> Response:
        """Newest first."""
        return _page(request, rule_id)


class AlertsView(OperatorView):
    """What all rules found."""

    @extend_schema(
        tags=["inventory"],
        operation_id="listAlerts",
        parameters=[s.AlertsQuery],
        responses={200: s.AlertOut(many=True), **problem_responses(401, 403, 404, 422)},
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        return _page(request, None)


def _page(request: Request, rule_id: UUID | None) -> Response:
    wanted = read_query(request, s.AlertsQuery)
    sku = wanted.get("sku_id")
    if rule_id is not None:
        services.get_alert_rule(rule_id=rule_id)
    rows = alerting.found(
        rule_id=rule_id,
        state=wanted.get("state"),
        sku_id=services.find_sku(sku=sku) if sku else None,
    )
    return keyset_page(request, rows, s.AlertOut, order=("-since", "-id"))
