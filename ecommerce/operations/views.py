"""What machines ask of a running process: does it live, can it serve, what has it counted?"""

from dataclasses import asdict
from hmac import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from ecommerce.operations import health
from ecommerce.operations.metrics import exposition

LOOPBACK = frozenset({"127.0.0.1", "::1"})


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing of anybody, so that a sick database restarts no web server."""
    return JsonResponse({"status": health.OK})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 while requests can be served (ok, degraded), 503 when they cannot (down)."""
    found = health.readiness()
    return JsonResponse(asdict(found), status=503 if found.status == health.DOWN else 200)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For the scraper that has the token; without a token set, for this machine only."""
    if not _may_scrape(request):
        return HttpResponseForbidden("Send METRICS_TOKEN as a bearer token.")
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


def _may_scrape(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not forwarded
