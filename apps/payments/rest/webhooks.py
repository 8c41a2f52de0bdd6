"""The door for payment providers: raw bytes in, so that their signature can be checked."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.payments import services
from apps.payments.rest.serializers import WebhookOut
from ecommerce.clock import now
from ecommerce.http import APIView, problem_responses
from ecommerce.http.wire import read_bounded


class _RawParser(BaseParser):
    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):  # type: ignore[no-untyped-def]  # DRF's signature
        """The bytes as they came."""
        return read_bounded(stream)


class WebhookView(APIView):
    """What providers tell us."""

    authentication_classes = ()
    parser_classes = (_RawParser,)
    throttle_scope = "webhooks"

    @extend_schema(
        tags=["payments"],
        operation_id="receivePaymentWebhook",
        request=OpenApiTypes.OBJECT,
        parameters=[
            OpenApiParameter(
                "Sandbox-Signature",
                str,
                OpenApiParameter.HEADER,
                description='t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">',
            )
        ],
        responses={200: WebhookOut, **problem_responses(401, 404, 422)},
    )
    def post(self, request: Request, provider: str) -> Response:
        """Kept once per event, however often and in whatever order it comes."""
        raw: Any = request.data
        new = services.receive_webhook(
            provider=provider,
            body=raw if isinstance(raw, bytes) else b"",
            headers=request.headers,
            now=now(),
        )
        return Response(WebhookOut({"duplicate": not new}).data)
