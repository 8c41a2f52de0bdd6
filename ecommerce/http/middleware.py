"""The first and the last to touch a request: correlation and trace, and no error page but a problem."""

import re
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from opentelemetry import trace

from ecommerce import context
from ecommerce.http.headers import put
from ecommerce.ids import new_id_text

_CORRELATION = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")


class WorkContextMiddleware:
    """Binds Correlation-Id and the W3C trace of a request to everything it does, and answers both.

    A caller's Correlation-Id is taken where it is harmless (1 to 128 of letters, digits and ``._:/+=@-``);
    otherwise, and where none came, it is a new UUIDv7.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        correlation_id = correlation_of(request.META.get("HTTP_CORRELATION_ID"))
        trace_id, traceparent = trace_of(request.META.get("HTTP_TRACEPARENT"))
        with context.bind(
            request_id=new_id_text(),
            correlation_id=correlation_id,
            trace_id=trace_id,
            traceparent=traceparent,
            user_id=None,
        ):
            response = self.get_response(request)
        put(response, "Correlation-Id", correlation_id)
        put(response, "traceparent", traceparent)
        return response


def correlation_of(header: str | None) -> str:
    """The caller's id where it is fit to be logged, else a new one."""
    if header is not None and _CORRELATION.fullmatch(header):
        return header
    return new_id_text()


def trace_of(header: str | None) -> tuple[str, str]:
    """Trace id and traceparent of this request: the tracer's own span, else one below the caller's."""
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        trace_id = trace.format_trace_id(span.trace_id)
        return (
            trace_id,
            f"00-{trace_id}-{trace.format_span_id(span.span_id)}-{span.trace_flags:02x}",
        )
    match = _TRACEPARENT.fullmatch(header or "")
    trace_id = (
        match[1]
        if match and int(match[1], 16) and int(match[2], 16)
        else new_id_text().replace("-", "")
    )
    flags = match[3] if match and match[1] == trace_id else "00"
    return trace_id, f"00-{trace_id}-{secrets.token_hex(8)}-{flags}"
