"""What the cart's views share: the parameters, and showing a cart."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from apps.cart import services
from apps.cart.rest.conditional import tag_of
from apps.cart.rest.serializers import CartOut
from apps.cart.types import CartSnapshot, CartView
from ecommerce import clock
from ecommerce.http import Serializer

GUEST = OpenApiParameter(
    "Guest-Token",
    str,
    OpenApiParameter.HEADER,
    description="A guest's proof that the cart is theirs",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag last read; 409 where it is stale",
)


def shown(view: CartView, kind: type[Serializer] = CartOut, *, status: int = 200) -> Response:
    """A cart as JSON, with its tag."""
    body = kind(view).data
    headers = {"ETag": tag_of(view.cart.version, body), "Cache-Control": "private, no-cache"}
    return Response(body, status=status, headers=headers)


def live(cart: CartSnapshot, *, status: int = 200) -> Response:
    """A cart that was just changed, with what it costs now."""
    return shown(services.view_cart(cart, now=clock.now()), status=status)
