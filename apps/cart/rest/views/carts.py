"""Opening, showing and deleting a cart; a guest who signs in."""

from collections.abc import Callable
from functools import wraps
from typing import ClassVar
from uuid import UUID

import orjson
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.cart import services
from apps.cart.rest.conditional import version_in
from apps.cart.rest.rendering import GUEST, IF_MATCH, live, shown
from apps.cart.rest.serializers import (
    CartOut,
    CartSummaryOut,
    CreateCartIn,
    CreatedCartOut,
    MergedLineOut,
    MergeIn,
    MergeOut,
)
from apps.cart.types import CreateCart, MergeCarts
from ecommerce import clock
from ecommerce.http import (
    AUTHENTICATED,
    APIView,
    idempotent,
    not_modified,
    problem_responses,
    read_body,
    viewer_of,
)


def with_guest_token(method: Callable[..., Response]) -> Callable[..., Response]:
    """Put the guest's token into the answer after it was recorded, so that no table ever holds it.

    A repeated Idempotency-Key gets the same token again: it is made from the cart's id and the shop's key.
    """

    @wraps(method)
    def wrapper(view: APIView, request: Request) -> Response:
        response = method(view, request)
        if response.status_code != 201:
            return response
        body = response.data or orjson.loads(response.rendered_content)
        if body["customerId"] is not None:
            return response
        headers = {name: value for name, value in response.items() if name != "Content-Type"}
        body = {**body, "guestToken": services.guest_token_of(UUID(str(body["id"])))}
        return Response(body, status=201, headers=headers)

    return wrapper


class CartsView(APIView):
    """Opening a cart."""

    @extend_schema(
        request=CreateCartIn,
        responses={201: CreatedCartOut, 200: CartOut, **problem_responses(422)},
        tags=["cart"],
        operation_id="createCart",
    )
    @with_guest_token
    @idempotent
    def post(self, request: Request) -> Response:
        """The caller's open cart on the channel, or a new one (201); a new guest is told a token."""
        command = CreateCart(**read_body(request, CreateCartIn), viewer=viewer_of(request))
        opened = services.create_cart(command, now=clock.now())
        response = live(opened.cart, status=201 if opened.created else 200)
        response["Location"] = f"/api/v1/carts/{opened.cart.id}"
        return response


class OneCartView(APIView):
    """One cart."""

    @extend_schema(
        responses={200: CartOut, **problem_responses(404)},
        tags=["cart"],
        operation_id="getCart",
    )
    def get(self, request: Request, cart_id: UUID) -> Response:
        """With live prices, live availability, and the problems that stand in the way."""
        response = shown(
            services.get_cart(cart_id=cart_id, viewer=viewer_of(request), now=clock.now())
        )
        if not_modified(request, response["ETag"]):
            return Response(status=304, headers={"ETag": response["ETag"]})
        return response

    @extend_schema(
        parameters=[IF_MATCH],
        responses={204: None, **problem_responses(404, 409)},
        tags=["cart"],
        operation_id="deleteCart",
    )
    @idempotent
    def delete(self, request: Request, cart_id: UUID) -> Response:
        services.delete_cart(
            cart_id=cart_id,
            viewer=viewer_of(request),
            now=clock.now(),
            version=version_in(request, required=False),
        )
        return Response(status=204)


class SummaryView(APIView):
    """A cart in short."""

    @extend_schema(
        responses={200: CartSummaryOut, **problem_responses(404)},
        tags=["cart"],
        operation_id="getCartSummary",
    )
    def get(self, request: Request, cart_id: UUID) -> Response:
        view = services.get_cart(cart_id=cart_id, viewer=viewer_of(request), now=clock.now())
        return shown(view, CartSummaryOut)


class MergeView(APIView):
    """A guest signs in."""

    required_roles: ClassVar = {"POST": AUTHENTICATED}

    @extend_schema(
        parameters=[GUEST],
        request=MergeIn,
        responses={200: MergeOut, **problem_responses(401, 404, 409, 422)},
        tags=["cart"],
        operation_id="mergeCarts",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Pour the guest's cart (proved by Guest-Token) into the customer's, and tell what became of each line."""
        now = clock.now()
        report = services.merge_carts(
            MergeCarts(**read_body(request, MergeIn), viewer=viewer_of(request)), now=now
        )
        view = services.view_cart(report.cart, now=now)
        merged = MergedLineOut(report.lines, many=True).data
        return Response({"cart": CartOut(view).data, "merged": merged})
