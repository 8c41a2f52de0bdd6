"""Every route of the shop, room by room."""

from importlib import import_module

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from django.views.static import serve

from ecommerce.http.routing import SegmentResolver

MODULES = (
    *(f"apps.{app}.rest.urls" for app in settings.APPS),
    "ecommerce.jobs.rest.urls",
    "ecommerce.audit.rest.urls",
)
urlpatterns: list[URLPattern | URLResolver] = [
    SegmentResolver("api/v1/", map(import_module, MODULES)),
    path("", RedirectView.as_view(url="/api/docs")),
    path("", include("ecommerce.operations.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("ecommerce.http.urls")),
]
if settings.SERVE_MEDIA:
    urlpatterns += [
        path(
            settings.MEDIA_URL.lstrip("/") + "<path:path>",
            serve,
            {"document_root": settings.MEDIA_ROOT},
        )
    ]
handler400 = "ecommerce.http.pages.bad_request"
handler403 = "ecommerce.http.pages.permission_denied"
handler404 = "ecommerce.http.pages.page_not_found"
handler500 = "ecommerce.http.pages.server_error"
