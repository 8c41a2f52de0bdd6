"""Coupons of a cart, and its lock."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.cart import services
from apps.cart.rest.conditional import version_in
from apps.cart.rest.rendering import IF_MATCH, live
from apps.cart.rest.serializers import CartOut, CouponIn
from apps.pricing.services import guessed_families
from ecommerce import clock
from ecommerce.http import (
    APIView,
    count_misses,
    idempotent,
    problem_responses,
    read_body,
    viewer_of,
)


class ApplyCouponView(APIView):
    """Entering a coupon."""

    throttle_scope: ClassVar = "coupon"

    @extend_schema(
        parameters=[IF_MATCH],
        request=CouponIn,
        responses={200: CartOut, **problem_responses(404, 409, 422, 429)},
        tags=["cart"],
        operation_id="applyCoupon",
    )
    @idempotent
    def post(self, request: Request, cart_id: UUID) -> Response:
        """Keep the code with the cart, if it brings something; the refusal says why it does not."""
        code = read_body(request, CouponIn)["coupon_code"]
        count_misses("coupon-family", guessed_families([code]))
        cart = services.apply_coupon(
            cart_id=cart_id,
            code=code,
            viewer=viewer_of(request),
            now=clock.now(),
            version=version_in(request, required=False),
        )
        return live(cart)


class CouponView(APIView):
    """A coupon of a cart."""

    @extend_schema(
        parameters=[IF_MATCH],
        responses={200: CartOut, **problem_responses(404, 409)},
        tags=["cart"],
        operation_id="removeCoupon",
    )
    @idempotent
    def delete(self, request: Request, cart_id: UUID, code: str) -> Response:
        cart = services.remove_coupon(
            cart_id=cart_id,
            code=code,
            viewer=viewer_of(request),
            now=clock.now(),
            version=version_in(request, required=False),
        )
        return live(cart)


class LockView(APIView):
    """Keeping everybody from changing a cart."""

    @extend_schema(
        parameters=[IF_MATCH],
        request=None,
        responses={200: CartOut, **problem_responses(404, 409)},
        tags=["cart"],
        operation_id="lockCart",
    )
    @idempotent
    def post(self, request: Request, cart_id: UUID) -> Response:
        cart = services.lock_cart(
            cart_id=cart_id,
            viewer=viewer_of(request),
            now=clock.now(),
            version=version_in(request, required=False),
        )
        return live(cart)


class UnlockView(APIView):
    """Letting a cart be changed again."""

    @extend_schema(
        parameters=[IF_MATCH],
        request=None,
        responses={200: CartOut, **problem_responses(404, 409)},
        tags=["cart"],
        operation_id="unlockCart",
    )
    @idempotent
    def post(self, request: Request, cart_id: UUID) -> Response:
        cart = services.unlock_cart(
            cart_id=cart_id,
            viewer=viewer_of(request),
            now=clock.now(),
            version=version_in(request, required=False),
        )
        return live(cart)
