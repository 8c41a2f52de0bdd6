"""The REST door of payments: money commands for operators, one's own payments for customers."""

from typing import Any, ClassVar
from uuid import UUID, uuid5

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.payments import services
from apps.payments.queries.reading import refunds
from apps.payments.rest import serializers as s
from apps.payments.types import OpenPayment
from ecommerce.clock import now
from ecommerce.http import (
    APIView,
    idempotent,
    keyset_page,
    problem_responses,
    read_body,
    viewer_of,
)
from ecommerce.http.idempotency import key_of
from ecommerce.identity import OPERATOR
from ecommerce.ids import new_id

REFUSALS = problem_responses(401, 403, 404, 409, 422, 429)
KEPT_HOURS = 30 * 24
"""How long the answer to a money command is repeated."""


class _Money(APIView):
    required_roles: ClassVar = {"POST": (OPERATOR,), "GET": (OPERATOR,)}


class AuthorizeView(_Money):
    """Hold money for an order."""

    @extend_schema(
        tags=["payments"],
        operation_id="authorizePayment",
        request=s.AuthorizeIn,
        responses={201: s.PaymentOut, **REFUSALS},
    )
    @idempotent(durable=False, keep_hours=KEPT_HOURS)
    def post(self, request: Request) -> Response:
        """PENDING if the provider's answer is not known yet; repeat with the same paymentId to learn it."""
        body = read_body(request, s.AuthorizeIn)
        command = OpenPayment(
            payment_id=body.get("payment_id") or _id_of(request, body["order_id"]),
            order_id=body["order_id"],
            amount=body["amount"],
            method=body["payment_method_token"],
            merchant=body["merchant_id"],
        )
        payment = services.authorize(command, now=now(), viewer=viewer_of(request))
        return Response(s.PaymentOut(payment).data, status=201)


class AuthorizationsView(AuthorizeView):
    """The same, as a resource."""

    @extend_schema(
        tags=["payments"],
        operation_id="createAuthorization",
        request=s.AuthorizeIn,
        responses={201: s.PaymentOut, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """As authorizePayment."""
        return super().post(request)


class CaptureView(_Money):
    """Take money that is held."""

    @extend_schema(
        tags=["payments"],
        operation_id="capturePayment",
        request=s.CaptureIn,
        responses={200: s.PaymentOut, **REFUSALS},
    )
    @idempotent(durable=False, keep_hours=KEPT_HOURS)
    def post(self, request: Request) -> Response:
        """All of it, or an amount."""
        body = read_body(request, s.CaptureIn)
        payment = services.capture(
            payment_id=body["payment_id"],
            capture_id=_capture_id(request, body, body["payment_id"]),
            amount=body.get("amount"),
            now=now(),
            viewer=viewer_of(request),
        )
        return Response(s.PaymentOut(payment).data)


class AuthorizationCaptureView(_Money):
    """Take money of one authorization."""

    @extend_schema(
        tags=["payments"],
        operation_id="captureAuthorization",
        request=s.PartIn,
        responses={200: s.PaymentOut, **REFUSALS},
    )
    @idempotent(durable=False, keep_hours=KEPT_HOURS)
    def post(self, request: Request, payment_id: UUID) -> Response:
        """All of it, or an amount."""
        body = read_body(request, s.PartIn)
        payment = services.capture(
            payment_id=payment_id,
            capture_id=_capture_id(request, body, payment_id),
            amount=body.get("amount"),
            now=now(),
            viewer=viewer_of(request),
        )
        return Response(s.PaymentOut(payment).data)


class AuthorizationVoidView(_Money):
    """Lift a hold."""

    @extend_schema(
        tags=["payments"],
        operation_id="voidAuthorization",
        request=s.IdempotentIn,
        responses={200: s.PaymentOut, **REFUSALS},
    )
    @idempotent(durable=False, keep_hours=KEPT_HOURS)
    def post(self, request: Request, payment_id: UUID) -> Response:
        """All of it, or what is left of it after a part was taken."""
        read_body(request, s.IdempotentIn)
        payment = services.void(payment_id=payment_id, now=now(), viewer=viewer_of(request))
        return Response(s.PaymentOut(payment).data)


class CapturesView(_Money):
    """Captures as a resource."""

    @extend_schema(
        tags=["payments"],
        operation_id="createCapture",
        request=s.CaptureIn,
        responses={201: s.CaptureOut, **REFUSALS},
    )
    @idempotent(durable=False, keep_hours=KEPT_HOURS)
    def post(self, request: Request) -> Response:
        """All that is held, or an amount."""
        body = read_body(request, s.CaptureIn)
        capture = services.create_capture(
            payment_id=body["payment_id"],
            capture_id=_capture_id(request, body, body["payment_id"]),
            amount=body.get("amount"),
            now=now(),
            viewer=viewer_of(request),
        )
        return Response(s.CaptureOut(capture).data, status=201)


class CaptureDetailView(_Money):
    """One capture."""

    @extend_schema(
        tags=["payments"],
        operation_id="getCapture",
        responses={200: s.CaptureOut, **problem_responses(401, 403, 404)},
    )
    def get(self, request: Request, capture_id: UUID) -> Response:
        """What became of it."""
        return Response(s.CaptureOut(services.get_capture(capture_id=capture_id)).data)


class RefundView(_Money):
    """Give money back."""

    @extend_schema(
        tags=["payments"],
        operation_id="refundPayment",
        request=s.RefundIn,
        responses={201: s.RefundOut, **REFUSALS},
    )
    @idempotent(durable=False, keep_hours=KEPT_HOURS)
    def post(self, request: Request) -> Response:
        """All that is left, or an amount; pending if the provider's answer is not known yet."""
        body = read_body(request, s.RefundIn)
        refund = services.refund(
            payment_id=body["payment_id"],
            refund_id=body.get("refund_id") or _id_of(request, body["payment_id"]),
            amount=body.get("amount"),
            reason=body["reason"],
            now=now(),
            viewer=viewer_of(request),
        )
        return Response(s.RefundOut(refund).data, status=201)


class RefundsView(RefundView):
    """Refunds as a resource."""

    @extend_schema(
        tags=["payments"],
        operation_id="createRefund",
        request=s.RefundIn,
        responses={201: s.RefundOut, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """As refundPayment."""
        return super().post(request)

    @extend_schema(
        tags=["payments"],
        operation_id="listRefunds",
        responses={200: s.RefundRowOut(many=True), **problem_responses(401, 403, 422)},
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        return keyset_page(request, refunds(), s.RefundRowOut)


class RefundDetailView(_Money):
    """One refund."""

    @extend_schema(
        tags=["payments"],
        operation_id="getRefund",
        responses={200: s.RefundOut, **problem_responses(401, 403, 404)},
    )
    def get(self, request: Request, refund_id: UUID) -> Response:
        """What became of it."""
        return Response(s.RefundOut(services.get_refund(refund_id=refund_id)).data)


class PaymentView(APIView):
    """One payment."""

    @extend_schema(
        tags=["payments"],
        operation_id="getPayment",
        responses={200: s.PaymentOut, **problem_responses(404)},
    )
    def get(self, request: Request, payment_id: UUID) -> Response:
        """For who made it and for operators; nobody else learns that it exists."""
        payment = services.get_payment(payment_id=payment_id, viewer=viewer_of(request))
        return Response(s.PaymentOut(payment).data)


class SimulateView(_Money):
    """Have the sandbox gateway misbehave."""

    @extend_schema(
        tags=["payments"],
        operation_id="simulateGateway",
        request=s.SimulateIn,
        responses={200: s.SimulateOut, **problem_responses(401, 403, 422, 503)},
    )
    def post(self, request: Request) -> Response:
        """For its next requests."""
        body = read_body(request, s.SimulateIn)
        services.simulate_gateway(scenario=body["scenario"], times=body["times"])
        return Response(s.SimulateOut(body).data)


def _id_of(request: Request, about: UUID) -> UUID:
    """The same id for the same Idempotency-Key, so that a command repeated after a crash is the same one."""
    key = key_of(request)
    return new_id() if key is None else uuid5(about, f"{request.user.pk}:{request.path}:{key}")


def _capture_id(request: Request, body: dict[str, Any], payment_id: UUID) -> UUID | None:
    """A capture of all needs no id; one of an amount has the caller's, or its key's."""
    if body.get("amount") is None:
        return body.get("capture_id")
    return body.get("capture_id") or _id_of(request, payment_id)
