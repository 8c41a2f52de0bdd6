"""Every route of the shop, room by room."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from django.views.static import serve

# A path is compared with one pattern after another: the rooms that shoppers ask most come first.
SHOPPERS = ("search", "cart", "checkout")
ROOMS = (*SHOPPERS, *(app for app in settings.APPS if app not in SHOPPERS))
api = [
    *(path("", include(f"apps.{app}.rest.urls")) for app in ROOMS),
    path("", include("ecommerce.jobs.rest.urls")),
    path("", include("ecommerce.audit.rest.urls")),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include(api)),
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
