"""Sends commands to the test doors, and counts what they did."""

from typing import Any

from django.db import connection

from ecommerce.http.tests.doors import EFFECTS
from ecommerce.identity import Viewer
from ecommerce.testing import JsonClient

PATH = "/api/v1/commands"


def count() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {EFFECTS}")
        return int(cursor.fetchone()[0])


def send(
    body: dict[str, Any] | None = None,
    *,
    key: str | None = None,
    method: str = "post",
    viewer: Viewer | None = None,
    path: str = PATH,
    headers: dict[str, str] | None = None,
) -> Any:
    client = JsonClient(raise_request_exception=False)
    if viewer is not None:
        client.force_authenticate(user=viewer)
    headers = dict(headers or {})
    if key is not None:
        headers["Idempotency-Key"] = key
    return getattr(client, method)(path, body or {}, format="json", headers=headers)
