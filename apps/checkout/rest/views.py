"""Checkouts and sagas over HTTP."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.checkout import queries, services
from apps.checkout.rest.serializers import (
    CheckoutOut,
    ConfirmIn,
    SagaOut,
    SagasQuery,
    SagaSummaryOut,
    StartIn,
    address_of,
)
from apps.checkout.types import Checkout, ConfirmCheckout, Saga, StartCheckout
from apps.orders.types import Address
from apps.pricing.services import guessed_families
from ecommerce import clock
from ecommerce.http import (
    APIView,
    count_guesses,
    count_misses,
    etag_of,
    idempotent,
    keyset_page,
    problem_responses,
    read_body,
    read_query,
    require_version,
    viewer_of,
)
from ecommerce.identity import OPERATOR

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="Buy only what was shown: its ETag"
)


class CheckoutsView(APIView):
    """Starting to buy."""

    throttle_scope = "checkout"

    @extend_schema(
        request=StartIn,
        responses={201: CheckoutOut, **problem_responses(404, 409, 422, 429)},
        tags=["checkout"],
        operation_id="startCheckout",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        given = read_body(request, StartIn)
        count_guesses(request, "coupon", len(given["coupon_codes"]))
        count_misses("coupon-family", guessed_families(given["coupon_codes"]))
        checkout = services.start_checkout(
            StartCheckout(
                cart_id=given["cart_id"],
                viewer=viewer_of(request),
                email=given["email"],
                shipping_address=Address(**given["shipping_address"]),
                billing_address=address_of(given["billing_address"]),
                shipping_method=given["shipping_method"],
                payment_method=given["payment_method"],
                coupon_codes=tuple(given["coupon_codes"]),
            ),
            now=clock.now(),
        )
        return _whole(checkout, status=201, location=f"/api/v1/checkout/{checkout.id}")


class CheckoutView(APIView):
    """One purchase."""

    @extend_schema(
        responses={200: CheckoutOut, **problem_responses(404)},
        tags=["checkout"],
        operation_id="getCheckout",
    )
    def get(self, request: Request, checkout_id: UUID) -> Response:
        return _whole(services.get_checkout(checkout_id=checkout_id, viewer=viewer_of(request)))


class ConfirmCheckoutView(APIView):
    """Buying."""

    throttle_scope = "checkout"

    @extend_schema(
        request=ConfirmIn,
        parameters=[IF_MATCH],
        responses={
            200: CheckoutOut,
            202: OpenApiResponse(CheckoutOut, "The bank has not answered yet; see Location"),
            **problem_responses(404, 409, 412, 422),
        },
        tags=["checkout"],
        operation_id="confirmCheckout",
    )
    @idempotent(durable=False)
    def post(self, request: Request, checkout_id: UUID) -> Response:
        given = read_body(request, ConfirmIn)
        done = services.confirm_checkout(
            ConfirmCheckout(
                checkout_id=checkout_id,
                viewer=viewer_of(request),
                payment_method=given.get("payment_method"),
                version=require_version(request, optional=True),
            ),
            now=clock.now(),
        )
        if done.outcome == "pending":
            return _whole(done.checkout, status=202, location=f"/api/v1/checkout/{checkout_id}")
        return _whole(done.checkout, location=f"/api/v1/orders/{done.checkout.order_id}")


class SagasView(APIView):
    """The purchases that were begun, and how far each got."""

    required_roles: ClassVar = {"GET": OPERATOR}

    @extend_schema(
        parameters=[SagasQuery],
        responses={200: SagaSummaryOut(many=True), **problem_responses(401, 403, 422)},
        tags=["checkout"],
        operation_id="listSagas",
    )
    def get(self, request: Request) -> Response:
        """Newest first: one for each attempt to confirm a checkout."""
        wanted = read_query(request, SagasQuery)
        rows = queries.sagas(
            state=wanted.get("state"),
            checkout_id=wanted.get("checkout_id"),
            order_id=wanted.get("order_id"),
        )
        return keyset_page(request, rows, SagaSummaryOut, ("-created_at", "-id"))


class SagaView(APIView):
    """How a purchase was carried through."""

    required_roles: ClassVar = {"GET": OPERATOR}

    @extend_schema(
        responses={200: SagaOut, **problem_responses(401, 403, 404)},
        tags=["checkout"],
        operation_id="getSaga",
    )
    def get(self, request: Request, saga_id: UUID) -> Response:
        return _shown(services.get_saga(saga_id=saga_id, viewer=viewer_of(request)))


class RetrySagaView(APIView):
    """Going on with a purchase now."""

    required_roles: ClassVar = {"POST": OPERATOR}

    @extend_schema(
        request=None,
        responses={200: SagaOut, **problem_responses(401, 403, 404, 409)},
        tags=["checkout"],
        operation_id="retrySaga",
    )
    @idempotent(durable=False)
    def post(self, request: Request, saga_id: UUID) -> Response:
        return _shown(
            services.retry_saga(saga_id=saga_id, viewer=viewer_of(request), now=clock.now())
        )


class CompensateSagaView(APIView):
    """Undoing a purchase that is not paid yet."""

    required_roles: ClassVar = {"POST": OPERATOR}

    @extend_schema(
        request=None,
        responses={200: SagaOut, **problem_responses(401, 403, 404, 409)},
        tags=["checkout"],
        operation_id="compensateSaga",
    )
    @idempotent(durable=False)
    def post(self, request: Request, saga_id: UUID) -> Response:
        return _shown(
            services.compensate_saga(saga_id=saga_id, viewer=viewer_of(request), now=clock.now())
        )


def _whole(checkout: Checkout, *, status: int = 200, location: str | None = None) -> Response:
    headers = {"ETag": etag_of(checkout.version)}
    if location:
        headers["Location"] = location
    return Response(CheckoutOut(checkout).data, status=status, headers=headers)


def _shown(saga: Saga) -> Response:
    return Response(SagaOut(saga).data)
