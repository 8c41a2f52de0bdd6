"""Saying that an endpoint will go: the Deprecation (RFC 9745) and Sunset (RFC 8594) headers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.utils.http import http_date

View = TypeVar("View", bound=type)


def deprecated(
    *, since: datetime, sunset: datetime | None = None, successor: str | None = None
) -> Callable[[View], View]:
    """Mark a view class: every answer of it tells since when, until when, and what comes instead."""
    headers = {"Deprecation": f"@{int(since.timestamp())}"}
    if sunset is not None:
        headers["Sunset"] = http_date(sunset.timestamp())
    if successor is not None:
        headers["Link"] = f'<{successor}>; rel="successor-version"'

    def mark(view: View) -> View:
        finalize: Callable[..., Any] = view.finalize_response  # type: ignore[attr-defined]  # a view

        def finalize_response(self: Any, *args: Any, **kwargs: Any) -> Any:
            response = finalize(self, *args, **kwargs)
            for name, value in headers.items():
                response[name] = value
            return response

        view.finalize_response = finalize_response  # type: ignore[attr-defined]  # a view
        view.deprecated = True  # type: ignore[attr-defined]  # read by the OpenAPI document
        return view

    return mark
