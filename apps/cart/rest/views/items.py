"""Putting things into a cart and taking them out."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.cart import services
from apps.cart.rest.conditional import version_in
from apps.cart.rest.rendering import IF_MATCH, live
from apps.cart.rest.serializers import AddedItemOut, AddItemIn, CartOut, QuantityIn, ReplaceItemsIn
from apps.cart.types import AddItem, ChangeItem, RemoveItem, ReplaceItems, WantedItem
from ecommerce import clock
from ecommerce.http import APIView, etag_of, idempotent, problem_responses, read_body, viewer_of


class ItemsView(APIView):
    """The lines of a cart."""

    @extend_schema(
        parameters=[IF_MATCH],
        request=AddItemIn,
        responses={201: AddedItemOut, **problem_responses(404, 409, 422)},
        tags=["cart"],
        operation_id="addCartItem",
    )
    @idempotent
    def post(self, request: Request, cart_id: UUID) -> Response:
        """So many more of a SKU. The price is ours, whatever the body says."""
        wanted = read_body(request, AddItemIn)
        added = services.add_item(
            AddItem(
                cart_id=cart_id,
                viewer=viewer_of(request),
                sku=wanted["sku_id"],
                quantity=wanted["quantity"],
                version=version_in(request, required=False),
            ),
            now=clock.now(),
        )
        headers = {"ETag": etag_of(added.version)}
        return Response(AddedItemOut(added).data, status=201, headers=headers)

    @extend_schema(
        parameters=[IF_MATCH],
        request=ReplaceItemsIn,
        responses={200: CartOut, **problem_responses(404, 409, 412, 422, 428)},
        tags=["cart"],
        operation_id="replaceCartItems",
    )
    @idempotent
    def put(self, request: Request, cart_id: UUID) -> Response:
        """Let the cart hold exactly these."""
        command = ReplaceItems(
            cart_id=cart_id,
            viewer=viewer_of(request),
            items=tuple(WantedItem(**item) for item in read_body(request, ReplaceItemsIn)["items"]),
            version=version_in(request, required=True),
        )
        return live(services.replace_items(command, now=clock.now()))


class ItemView(APIView):
    """One line of a cart."""

    @extend_schema(
        parameters=[IF_MATCH],
        request=QuantityIn,
        responses={200: CartOut, **problem_responses(404, 409, 412, 422, 428)},
        tags=["cart"],
        operation_id="changeCartItem",
    )
    @idempotent
    def put(self, request: Request, cart_id: UUID, item_id: UUID) -> Response:
        """Let the line hold exactly so many."""
        command = ChangeItem(
            cart_id=cart_id,
            line_id=item_id,
            viewer=viewer_of(request),
            quantity=read_body(request, QuantityIn)["quantity"],
            version=version_in(request, required=True),
        )
        return live(services.change_item(command, now=clock.now()))

    @extend_schema(
        parameters=[IF_MATCH],
        responses={200: CartOut, **problem_responses(404, 409)},
        tags=["cart"],
        operation_id="removeCartItem",
    )
    @idempotent
    def delete(self, request: Request, cart_id: UUID, item_id: UUID) -> Response:
        command = RemoveItem(
            cart_id=cart_id,
            line_id=item_id,
            viewer=viewer_of(request),
            version=version_in(request, required=False),
        )
        return live(services.remove_item(command, now=clock.now()))
