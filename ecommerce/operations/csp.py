"""Content-Security-Policy: nothing at all for the API's JSON, and for pages what each needs."""

from csp.constants import HEADER
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

INLINE = "'unsafe-inline'"
DOCS = "/api/docs"
PAGES = {
    # Unfold's widgets are Alpine.js expressions, which the browser evaluates.
    "/admin/": {"script-src": ["'self'", INLINE, "'unsafe-eval'"], "style-src": ["'self'", INLINE]},
    DOCS: {"script-src": ["'self'", INLINE], "style-src": ["'self'", INLINE]},
}
DATA = "default-src 'none'; frame-ancestors 'none'"


class ContentSecurityPolicy(CSPMiddleware):
    """django-csp, with the pages that need more than the settings' policy.

    What is data and no page gets a policy that never changes, so that it costs an answer nothing.
    """

    def process_request(self, request: HttpRequest) -> None:
        if not _is_data(request):
            super().process_request(request)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not _is_data(request):
            return super().process_response(request, response)
        response[HEADER] = DATA
        return response

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        for prefix, directives in PAGES.items():
            if not report_only and request.path_info.startswith(prefix):
                parts.update = {**(parts.update or {}), **directives}
        return parts


def _is_data(request: HttpRequest) -> bool:
    path = request.path_info
    return path.startswith("/api/") and not path.startswith(DOCS)
