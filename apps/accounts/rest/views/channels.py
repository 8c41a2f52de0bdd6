"""The storefronts there are."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts import services
from apps.accounts.rest.serializers import ChannelOut, ChannelsOut
from ecommerce.http import APIView, problem_responses

TAGS = ["accounts"]


class ChannelsView(APIView):
    @extend_schema(responses={200: ChannelsOut}, tags=TAGS, operation_id="listChannels")
    def get(self, request: Request) -> Response:
        """The open channels with their currencies and locales."""
        return Response(ChannelsOut({"results": services.list_channels()}).data)


class ChannelView(APIView):
    @extend_schema(
        responses={200: ChannelOut, **problem_responses(404)},
        tags=TAGS,
        operation_id="getChannel",
    )
    def get(self, request: Request, code: str) -> Response:
        """One channel."""
        return Response(ChannelOut(services.get_channel(code)).data)
