"""The base of every REST view, and who is behind a request."""

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, ClassVar, cast

import rest_framework.views
from django.db import Error as DatabaseFailure
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.exceptions import APIException, ParseError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from ecommerce.connections import is_lost, renew
from ecommerce.context import note_user
from ecommerce.errors import ShopError
from ecommerce.http.conditional import not_modified
from ecommerce.http.headers import Ready, kept, put, put_ready, ready
from ecommerce.http.permissions import RolePermission
from ecommerce.http.throttling import (
    RateThrottle,
    caller_key,
    guest_key,
    stand,
    tell_limits,
)
from ecommerce.http.wire import JSONRenderer
from ecommerce.identity import Viewer


class APIView(rest_framework.views.APIView):
    """Parses, calls one service, renders. ``request.user`` is a Viewer."""

    required_roles: ClassVar[Mapping[str, str | Sequence[str]]] = {}
    throttle_scope: ClassVar[str] = "default"
    permission_classes = (RolePermission,)
    throttle_classes = (RateThrottle,)
    renderer_classes = (JSONRenderer,)
    _lost_connection = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Once more where a read lost its connection: the next one is as good."""
        answer = super().dispatch(request, *args, **kwargs)
        if self._lost_connection and request.method in SAFE_METHODS:
            renew()
            answer = super().dispatch(request, *args, **kwargs)
        return answer

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {}  # Allow is put at the end

    def handle_exception(self, exc: Exception) -> Response:
        self._lost_connection = is_lost(exc)
        return super().handle_exception(exc)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _refuse_nul(request, kwargs)
        super().initial(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        user_id = _viewer(request).user_id
        if user_id is not None:
            note_user(user_id)

    def throttle_keys(self, request: Request) -> Sequence[str]:
        """Whom the limit of ``throttle_scope`` counts: each of these apart. A login adds the account."""
        return (caller_key(request),)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        put_ready(answer, _allowed(cast(Hashable, type(self))))
        tell_limits(request._request, answer)
        return answer

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """What may be done here, as the Allow header."""
        return Response(status=204)


class ReadyView(APIView):
    """A read that is asked for very often and means the same for everybody.

    A guest's GET goes past DRF, whose way to ``get`` costs more than the answer; it is counted and checked
    as ever. Everything else goes DRF's way, which also tells what was refused. ``get`` takes either's request,
    and lets in whomever the limit lets in.
    """

    _refusal: Exception | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.required_roles or "throttle_keys" in vars(cls) or "permission_classes" in vars(cls):
            raise TypeError(f"{cls.__name__} asks who comes, which a ReadyView does not look at")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self._at_once(request, **kwargs) or super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refusal, self._refusal = self._refusal, None
        if refusal is not None:
            raise refusal

    def _at_once(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase | None:
        if request.method != "GET" or not _is_plain(request):
            return None
        try:
            _refuse_nul(request, kwargs)
            standing = stand(request, self.throttle_scope, (guest_key(request),))
            if standing is not None and not standing.allowed:
                return None
            answer: HttpResponseBase = self.get(request, **kwargs)  # type: ignore[attr-defined]
        except (ShopError, APIException, DatabaseFailure) as refusal:
            self._refusal = refusal
            return None
        put_ready(answer, _allowed(cast(Hashable, type(self))))
        tell_limits(request, answer)
        return answer


def _is_plain(request: HttpRequest) -> bool:
    """Does nobody in particular ask for JSON?"""
    told = request.META
    return "HTTP_AUTHORIZATION" not in told and told.get("HTTP_ACCEPT", "*/*") in _JSON


_JSON = frozenset({"*/*", "application/json"})


@cache
def _allowed(view: Any) -> Ready:
    return ready({"Allow": ", ".join(view().allowed_methods)})


def viewer_of(request: Request) -> Viewer:
    """Who asks, a guest with the token of the Guest-Token header included."""
    viewer = _viewer(request)
    token = request.META.get("HTTP_GUEST_TOKEN")
    if not token or viewer.guest_token_hash is not None:
        return viewer
    return replace(viewer, guest_token_hash=hash_guest_token(token))


def _viewer(request: Request) -> Viewer:
    viewer: Any = request.user
    return cast(Viewer, viewer)


def hash_guest_token(token: str) -> str:
    """What is kept of a guest's token: its SHA-256, in hex."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


class OkJson(HttpResponse):
    """Ready JSON, handed on as it is: the answer of a hot read. 304 where the caller has it already."""

    def __init__(
        self,
        body: bytes,
        *,
        request: Request | None = None,
        etag: str | None = None,
        cache_control: str | None = None,
        status: int = 200,
    ) -> None:
        fresh = etag is not None and request is not None and not_modified(request, etag)
        super().__init__(
            b"" if fresh else body,
            status=304 if fresh else status,
            content_type="application/json",
        )
        if fresh:
            del self["Content-Type"]
        if etag is not None:
            put(self, "ETag", etag)
        if cache_control is not None:
            put(self, "Cache-Control", cache_control)

    def items(self) -> Any:
        """Headers as the server takes them: as they are kept, rather than one looked up after the other."""
        return kept(self.headers).values()


class ReadyResponse(Response):
    """A DRF response whose body is rendered already (``data`` stays for tests)."""

    def __init__(self, body: bytes, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self._ready = body

    @property
    def rendered_content(self) -> bytes:  # type: ignore[override]  # DRF renders bytes as well
        self["Content-Type"] = self.content_type or "application/json"
        return self._ready


def _refuse_nul(request: Request | HttpRequest, kwargs: Mapping[str, Any]) -> None:
    query = request.META.get("QUERY_STRING", "")
    if "%00" in query or "\x00" in query:
        raise ParseError("The query holds a NUL character.")
    if any(isinstance(value, str) and "\x00" in value for value in kwargs.values()):
        raise ParseError("The path holds a NUL character.")


def is_api(request: HttpRequest) -> bool:
    """Does the request belong to the API, where every error is a problem document?"""
    return request.path_info.startswith("/api/")
