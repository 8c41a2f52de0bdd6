"""Every request leaves one line in the log and one observation in the metrics."""

import time
from collections.abc import Callable
from functools import cache
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponseBase

from ecommerce.operations.metrics import HTTP_DURATION, HTTP_REQUESTS

logger = structlog.get_logger("shop.request")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
QUIET_ROUTES = frozenset({"health/live", "health/ready", "metrics", "static"})


class Observe:
    """Sits inside the middleware that reads Correlation-Id, around everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        self._report(request, response, time.perf_counter() - started)
        return response

    def _report(self, request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
        method = request.method if request.method in METHODS else "other"
        route = route_of(request)
        requests, duration = _counters(method, route, response.status_code)
        requests.inc()
        duration.observe(seconds)
        if route in QUIET_ROUTES and response.status_code < 400:
            return
        log = logger.error if response.status_code >= 500 else logger.info
        log(
            "request",
            method=method,
            route=route,
            path=request.path,
            status=response.status_code,
            milliseconds=round(seconds * 1000, 1),
        )


@cache
def _counters(method: str | None, route: str, status: int) -> tuple[Any, Any]:
    """Looked up once: few methods, routes and statuses, none of them made up by a caller."""
    return HTTP_REQUESTS.labels(method, route, status), HTTP_DURATION.labels(method, route)


def route_of(request: HttpRequest) -> str:
    """The pattern that the path matched: few values, none of them a person's."""
    if request.resolver_match is not None:
        return request.resolver_match.route
    return "static" if request.path.startswith("/static/") else "unmatched"
