"""Data takes a shorter way than pages: past sessions, cookies, form tokens and static files.

In MIDDLEWARE, what stands between ``PagesBegin`` and ``PagesEnd`` is run for pages only.
"""

from collections.abc import Callable
from typing import ClassVar

from csp.constants import HEADER
from django.core.exceptions import DisallowedHost
from django.core.handlers.exception import response_for_exception
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware

from ecommerce.http.headers import Ready, put, put_ready, ready

GetResponse = Callable[[HttpRequest], HttpResponseBase]
DOCS = "/api/docs"
MOST_HOSTS = 1_000
"""So many of our hosts are remembered; a pattern of ALLOWED_HOSTS may have any number."""
POLICY = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
"""No browser has to load anything for data, nor to show it in a frame."""


class PagesEnd:
    """What data is handed to at once."""

    innermost: ClassVar[list[GetResponse]] = []

    def __init__(self, get_response: GetResponse) -> None:
        # Django makes the last middleware first, so PagesBegin of the same handler comes next.
        self.innermost.append(get_response)
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)


class PagesBegin:
    """Where the ways part. Data, too, is sent to HTTPS and gets what SecurityMiddleware sets, made ready once."""

    def __init__(self, get_response: GetResponse) -> None:
        self.page = get_response
        self.data = PagesEnd.innermost.pop()
        self.security = SecurityMiddleware(self.data)
        self._ours: set[tuple[str | None, str | None]] = set()
        self.headers = {secure: _headers(self.security, secure=secure) for secure in (False, True)}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_data(request):
            return self.page(request)
        response = self._answer(request)
        put_ready(response, self.headers[request.is_secure()])
        if isinstance(response, HttpResponse) and "Content-Length" not in response.headers:
            put(response, "Content-Length", str(len(response.content)))
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        try:
            self._refuse_other_hosts(request)
        except DisallowedHost as refusal:
            return response_for_exception(request, refusal)
        return self.security.process_request(request) or self.data(request)

    def _refuse_other_hosts(self, request: HttpRequest) -> None:
        """As CommonMiddleware does for pages; a host that was found to be ours is not looked at again."""
        told = (request.META.get("HTTP_HOST"), request.META.get("HTTP_X_FORWARDED_HOST"))
        if told not in self._ours:
            request.get_host()
            if len(self._ours) < MOST_HOSTS:
                self._ours.add(told)


def _headers(security: SecurityMiddleware, *, secure: bool) -> Ready:
    """What every answer with data says of itself, over HTTPS or not."""
    told = security.process_response(_Request(secure), HttpResponse())
    del told.headers["Content-Type"]  # of the answer that it needed only to tell the others
    return ready({**told.headers, HEADER: POLICY, "X-Frame-Options": "DENY"})


class _Request(HttpRequest):
    def __init__(self, secure: bool) -> None:
        super().__init__()
        self._secure = secure

    def is_secure(self) -> bool:
        return self._secure


def is_data(request: HttpRequest) -> bool:
    """Is it for programs to read: the API, but for its documentation?"""
    path = request.path_info
    return path.startswith("/api/") and not path.startswith(DOCS)
