"""Django's own error pages, as problems for the API and as they are for the admin."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views import defaults
from django.views.csrf import csrf_failure as django_csrf_failure

from ecommerce.errors import Forbidden, NotFound
from ecommerce.http.problems import Problem, problem_of, problem_response
from ecommerce.http.views import is_api


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not is_api(request):
        return defaults.bad_request(request, exception)
    malformed = Problem(status=400, code="malformed", title="The request cannot be read")
    return problem_response(problem_of(exception) or malformed)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not is_api(request):
        return defaults.permission_denied(request, exception)
    return problem_response(Problem(status=403, code=Forbidden.code, title=Forbidden.title))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not is_api(request):
        return defaults.page_not_found(request, exception)
    return problem_response(Problem(status=404, code=NotFound.code, title=NotFound.title))


def server_error(request: HttpRequest) -> HttpResponseBase:
    """A bug, or a dependency that failed outside of a view. Says no more than the correlation id."""
    if not is_api(request):
        return defaults.server_error(request)
    return problem_response(
        Problem(
            status=500,
            code="internal",
            title="An error of ours",
            detail="Something went wrong on our side. Quote the correlation id when you report it.",
        )
    )


def csrf_failure(request: HttpRequest, reason: str = "", **kwargs: Any) -> HttpResponse:
    if not is_api(request):
        return django_csrf_failure(request, reason)
    problem = Problem(
        status=403, code="forbidden/csrf", title="The CSRF check failed", detail=reason
    )
    return problem_response(problem)
