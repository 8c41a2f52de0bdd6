"""Finding views by the first segment of their paths."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, include, path, resolve

from ecommerce.http.routing import SegmentResolver


def view(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def resolver(*routes: Any) -> SegmentResolver:
    return SegmentResolver("api/", [SimpleNamespace(urlpatterns=list(routes))])


def test_a_view_is_found_with_its_route() -> None:
    routes = resolver(
        path("mugs", view),
        path("mugs/<int:number>", view),
        path("cups/", include([path("x", view)])),
    )
    found = routes.resolve("api/mugs/7")
    assert (found.func, found.kwargs, found.route) == (view, {"number": 7}, "mugs/<int:number>")
    assert routes.resolve("api/cups/x").route == "cups/x"


@pytest.mark.parametrize("wrong", ["api/mugs/seven", "api/tea", "api/", "tea", "api/mugs/"])
def test_what_has_no_view_is_not_found(wrong: str) -> None:
    with pytest.raises(Resolver404):
        resolver(path("mugs/<int:number>", view)).resolve(wrong)


def test_a_pattern_that_begins_with_a_parameter_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with a parameter"):
        resolver(path("<str:anything>", view))


def test_the_shop_finds_the_last_room_as_it_finds_the_first() -> None:
    assert len(settings.APPS) > 5
    assert resolve("/api/v1/availability/MUG").route == "api/v1/availability/<str:sku>"
    assert resolve("/api/v1/storefront/catalog").route == "api/v1/storefront/catalog"
