"""The shop's door, and beside it the floor: the same server and process, but no middleware."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.test.utils import override_settings

from bench.gateway import answer_at_once
from config.wsgi import application as shop


def _without_middleware() -> WSGIHandler:
    with override_settings(MIDDLEWARE=[]):
        return WSGIHandler()


_bare = _without_middleware()
answer_at_once()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """WSGI: ``/floor`` goes to the bare handler, everything else to the shop."""
    if environ["PATH_INFO"] == "/floor":
        return _bare(environ, start_response)
    return shop(environ, start_response)
