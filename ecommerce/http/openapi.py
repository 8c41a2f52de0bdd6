"""What the OpenAPI document says of every operation without being told."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

_MEANS = {
    400: "The request cannot be read",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Not a method of this resource",
    406: "No such representation",
    409: "Not possible in the present state",
    412: "Changed in the meantime",
    413: "The body is too large",
    415: "Not a media type we read",
    422: "The input is not valid",
    428: "If-Match is missing",
    429: "Too many requests",
    500: "An error of ours",
    503: "Not available for now",
}


class FaultOut(serializers.Serializer[Any]):
    """One thing that is wrong with the input."""

    pointer = serializers.CharField(help_text="JSON Pointer into the body, or ?name of a parameter")
    detail = serializers.CharField()
    code = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """RFC 9457. Some problems carry further members, named in their documentation."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    correlationId = serializers.CharField(allow_null=True)  # noqa: N815  # its name on the wire
    errors = FaultOut(many=True, required=False)


def problem_responses(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """For ``extend_schema(responses={201: Out, **problem_responses(404, 409)})``."""
    return {
        (status, "application/problem+json"): OpenApiResponse(Problem, _MEANS[status])
        for status in statuses
    }
