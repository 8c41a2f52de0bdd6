"""Cross-origin requests: django-cors-headers, at no cost to whoever sends no Origin."""

from typing import Any, cast

from corsheaders.middleware import CorsMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from ecommerce.http.headers import put
from ecommerce.http.shortcut import is_data


class Cors(CorsMiddleware):
    """Answers without Origin only tell caches that it matters."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "HTTP_ORIGIN" in request.META:
            answer: Any = super().__call__(request)
            return cast(HttpResponseBase, answer)  # which is awaited in asynchronous servers only
        response: Any = self.get_response(request)
        if is_data(request):
            varies = response.headers.get("Vary")
            put(response, "Vary", f"{varies}, origin" if varies else "origin")
        return cast(HttpResponseBase, response)
