"""The API's own documentation: the OpenAPI document, its page, and what each problem means."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.http import HttpResponse
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from ecommerce.errors import NotFound, ShopError
from ecommerce.http.problems import STATUS_OF
from ecommerce.http.views import APIView


class SchemaView(SpectacularAPIView):
    """The OpenAPI document, made once per process. JSON unless YAML is asked for."""

    renderer_classes = [
        OpenApiJsonRenderer,
        OpenApiJsonRenderer2,
        OpenApiYamlRenderer,
        OpenApiYamlRenderer2,
    ]
    authentication_classes = ()

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        renderer = request.accepted_renderer
        body = _rendered(renderer.media_type)
        return HttpResponse(body, content_type=renderer.media_type)


@cache
def _rendered(media_type: str) -> bytes:
    renderer = next(one for one in SchemaView.renderer_classes if one.media_type == media_type)
    generator: Any = SchemaView.generator_class()
    rendered: Any = renderer().render(generator.get_schema(request=None, public=True), None)
    return bytes(rendered)


class DocsView(SpectacularSwaggerSplitView):
    """The document as a page; its script is a file of its own, so the page holds none."""

    authentication_classes = ()
    url_name = "schema"


class ProblemTypeView(APIView):
    """Where the ``type`` of a problem leads."""

    authentication_classes = ()

    @extend_schema(exclude=True)
    def get(self, request: Request, code: str) -> Response:
        known = problem_types().get(code)
        if known is None:
            raise NotFound
        return Response(known)


class ProblemTypesView(APIView):
    authentication_classes = ()

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response({"results": list(problem_types().values())})


@cache
def problem_types() -> dict[str, dict[str, Any]]:
    """Every refusal that the code declares, by its code."""
    types: dict[str, dict[str, Any]] = {}
    for kind in _below(ShopError):
        status = next((status for base, status in STATUS_OF if issubclass(kind, base)), None)
        if status is not None and kind.code not in types:
            meaning = " ".join((kind.__doc__ or kind.title).split())
            types[kind.code] = {
                "code": kind.code,
                "title": kind.title,
                "status": status,
                "meaning": meaning,
            }
    return dict(sorted(types.items()))


def _below(kind: type[ShopError]) -> Iterator[type[ShopError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)
