"""Every refusal and every error as a problem document (RFC 9457), in one place."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.http.request import RawPostDataException
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from ecommerce import context, errors
from ecommerce.errors import Fault, ShopError
from ecommerce.http.faults import faults_at, faults_of
from ecommerce.http.naming import camel, camel_pointer
from ecommerce.http.wire import to_json
from ecommerce.whole_numbers import OutOfRange

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"

STATUS_OF: tuple[tuple[type[ShopError], int], ...] = (
    (errors.Invalid, 422),
    (errors.Unauthenticated, 401),
    (errors.Forbidden, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.StaleVersion, 412),
    (errors.VersionRequired, 428),
    (errors.TooMany, 429),
    (errors.Unavailable, 503),
)
"""The one place where a refusal becomes a status."""

RETRY_AFTER_SECONDS = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """A problem document before it is written down."""

    status: int
    code: str
    title: str
    detail: str = ""
    faults: Iterable[Fault] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def problem_handler(exc: Exception, view_context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler. What it does not know is a bug and goes on to the 500 page."""
    problem = problem_of(exc)
    if problem is None:
        return None
    if isinstance(exc.__cause__, OutOfRange):
        body = _body_of(view_context["request"])
        problem = replace(problem, faults=faults_at(exc.__cause__.value, body))
    return Response(
        document(problem),
        status=problem.status,
        headers=dict(problem.headers),
        content_type=MEDIA_TYPE,
        exception=True,
    )


def _body_of(request: Request) -> Any:
    """None of what the view did not read as one of ours: a webhook's, or what a GET should not have."""
    try:
        return request.data
    except (exceptions.APIException, RawPostDataException, OSError):
        return None


def problem_response(problem: Problem) -> HttpResponse:
    """The same outside of DRF: middleware and Django's own error pages."""
    return HttpResponse(
        to_json(document(problem)),
        status=problem.status,
        headers=dict(problem.headers),
        content_type=MEDIA_TYPE,
    )


def document(problem: Problem) -> dict[str, Any]:
    """The members of RFC 9457, then ours, then the facts of this refusal."""
    body: dict[str, Any] = {
        "type": settings.PROBLEM_TYPE_BASE + problem.code,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail or problem.title,
        "code": problem.code,
        "correlationId": context.current().correlation_id,
    }
    faults = [
        {"pointer": camel_pointer(fault.pointer), "detail": fault.detail, "code": fault.code}
        for fault in problem.faults
    ]
    if faults:
        body["errors"] = faults
    for name, value in problem.facts.items():
        body.setdefault(camel(name), _on_the_wire(value))
    return body


def _on_the_wire(value: Any) -> Any:
    """Facts are plain JSON; the names inside them are spelled as the wire spells them."""
    if isinstance(value, Mapping):
        return {camel(str(name)): _on_the_wire(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_on_the_wire(inner) for inner in value]
    return value


def problem_of(exc: Exception) -> Problem | None:
    """The problem that an exception means, or None where it is a bug of ours."""
    if isinstance(exc, ShopError):
        return _of_shop(exc)
    if isinstance(exc, exceptions.APIException):
        return _of_drf(exc)
    if isinstance(exc, DatabaseError | InterfaceError):
        return _of_database(exc)
    return _of_django(exc)


def _of_shop(exc: ShopError) -> Problem | None:
    status = next((status for kind, status in STATUS_OF if isinstance(exc, kind)), None)
    if status is None:
        return None
    facts = dict(exc.facts)
    return Problem(
        status=status,
        code=exc.code,
        title=exc.title,
        detail=exc.detail,
        faults=exc.faults,
        facts=facts,
        headers=_headers(status, facts.get("retry_after_seconds")),
    )


def _headers(status: int, retry_after: Any = None) -> dict[str, str]:
    if status == 401:
        return {"WWW-Authenticate": 'Bearer realm="shop"'}
    if retry_after is None and status == 503:
        retry_after = RETRY_AFTER_SECONDS
    return {} if retry_after is None else {"Retry-After": str(max(1, int(retry_after)))}


_DRF: tuple[tuple[type[exceptions.APIException], str, str], ...] = (
    (exceptions.ParseError, "malformed", "The request cannot be read"),
    (exceptions.NotAuthenticated, errors.Unauthenticated.code, errors.Unauthenticated.title),
    (exceptions.AuthenticationFailed, "invalid-token", "The credentials are not valid"),
    (exceptions.PermissionDenied, errors.Forbidden.code, errors.Forbidden.title),
    (exceptions.NotFound, errors.NotFound.code, errors.NotFound.title),
    (exceptions.MethodNotAllowed, "method-not-allowed", "Not a method of this resource"),
    (exceptions.NotAcceptable, "not-acceptable", "No such representation"),
    (exceptions.UnsupportedMediaType, "unsupported-media-type", "Not a media type we read"),
    (exceptions.Throttled, errors.TooMany.code, errors.TooMany.title),
)


def _of_drf(exc: exceptions.APIException) -> Problem:
    if isinstance(exc, exceptions.ValidationError):
        return Problem(
            status=422,
            code=errors.Invalid.code,
            title=errors.Invalid.title,
            detail="Some of the input is not valid; see errors.",
            faults=faults_of(exc.detail),
        )
    status = 401 if isinstance(exc, _WHO) else exc.status_code
    code, title = next(
        ((code, title) for kind, code, title in _DRF if isinstance(exc, kind)),
        (str(exc.default_code), str(exc.default_detail).rstrip(".")),
    )
    wait = getattr(exc, "wait", None)
    return Problem(
        status=status,
        code=code,
        title=title,
        detail=_sentence(exc.detail),
        headers=_headers(status, wait),
    )


_WHO = (exceptions.NotAuthenticated, exceptions.AuthenticationFailed)


def _sentence(detail: Any) -> str:
    if isinstance(detail, Mapping):
        detail = detail.get("detail", "")
    return " ".join(map(str, detail)) if isinstance(detail, list) else str(detail)


def _of_django(exc: Exception) -> Problem | None:
    if isinstance(exc, Http404):
        return Problem(status=404, code=errors.NotFound.code, title=errors.NotFound.title)
    if isinstance(exc, PermissionDenied):
        return Problem(status=403, code=errors.Forbidden.code, title=errors.Forbidden.title)
    if isinstance(exc, SuspiciousOperation):
        status = 413 if type(exc).__name__ == "RequestDataTooBig" else 400
        return Problem(status=status, code="malformed", title="The request cannot be read")
    return None


def _of_database(exc: Exception) -> Problem | None:
    """What the database says when it cannot now, or will not: never a 500 for bad input or bad luck."""
    if isinstance(exc, OperationalError | InterfaceError):
        log.warning("database unavailable: %s", exc)
        return Problem(
            status=503,
            code="unavailable/database",
            title=errors.Unavailable.title,
            detail="The database did not answer in time. Nothing was changed; try again.",
            headers=_headers(503),
        )
    if isinstance(exc, DataError):
        return Problem(
            status=422,
            code="invalid/out-of-range",
            title=errors.Invalid.title,
            detail=_beyond(exc),
        )
    if isinstance(exc, IntegrityError):
        return _of_constraint(exc)
    return None


def _beyond(exc: DataError) -> str:
    cause = exc.__cause__
    more = f": {cause}" if isinstance(cause, OutOfRange) else ""
    return f"A value is outside of what can be stored{more}."


def _of_constraint(exc: IntegrityError) -> Problem | None:
    """A unique or exclusion constraint that two callers met at once. Other constraints are bugs."""
    cause = exc.__cause__
    if not isinstance(cause, psycopg.errors.UniqueViolation | psycopg.errors.ExclusionViolation):
        return None
    log.warning(
        "constraint %s answered for a check that a service lacks", cause.diag.constraint_name
    )
    return Problem(
        status=409,
        code="conflict/already-exists",
        title="It exists already",
        detail="Something with the same unique value exists already.",
    )
