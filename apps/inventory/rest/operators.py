"""What the endpoints for operators share."""

from typing import ClassVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from ecommerce.http import APIView, problem_responses
from ecommerce.identity import OPERATOR

REFUSALS = problem_responses(401, 403, 404, 409, 422, 429)
BY_ID_OR_CODE = OpenApiParameter(
    "sku", str, OpenApiParameter.PATH, description="A SKU's id or code"
)
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class OperatorView(APIView):
    """For operators only, reading and writing."""

    required_roles: ClassVar = dict.fromkeys(_METHODS, (OPERATOR,))


def actor_of(request: Request) -> str:
    """Who asks, as the ledger keeps it."""
    return str(request.user.pk)
