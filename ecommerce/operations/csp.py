"""Content-Security-Policy of pages: as the admin's and the docs' need it."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

INLINE = "'unsafe-inline'"
PAGES = {
    # Unfold's widgets are Alpine.js expressions, which the browser evaluates.
    "/admin/": {"script-src": ["'self'", INLINE, "'unsafe-eval'"], "style-src": ["'self'", INLINE]},
    "/api/docs": {"script-src": ["'self'", INLINE], "style-src": ["'self'", INLINE]},
}


class ContentSecurityPolicy(CSPMiddleware):
    """django-csp, with the pages that need more than the settings' policy."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        for prefix, directives in PAGES.items():
            if not report_only and request.path_info.startswith(prefix):
                parts.update = {**(parts.update or {}), **directives}
        return parts
