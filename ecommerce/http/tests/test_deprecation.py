"""An endpoint says that it will go."""

from datetime import UTC, datetime

from django.test import RequestFactory
from rest_framework.request import Request
from rest_framework.response import Response

from ecommerce.http import APIView, deprecated


@deprecated(
    since=datetime(2026, 1, 1, tzinfo=UTC),
    sunset=datetime(2027, 1, 1, tzinfo=UTC),
    successor="/api/v2/things",
)
class Things(APIView):
    def get(self, request: Request) -> Response:
        return Response({})


def test_the_headers_tell_since_when_until_when_and_what_instead() -> None:
    answer = Things.as_view()(RequestFactory().get("/"))

    assert answer["Deprecation"] == "@1767225600"
    assert answer["Sunset"] == "Fri, 01 Jan 2027 00:00:00 GMT"
    assert answer["Link"] == '</api/v2/things>; rel="successor-version"'
