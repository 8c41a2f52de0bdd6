"""Webhooks arrive signed, again until they are taken, and as crookedly as was ordered."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from sandbox.posting import signature
from sandbox.testing import SECRET, SandboxServer


class Shop:
    """Takes webhooks, after refusing the first few."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.refuse = 0
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                header = self.headers["Sandbox-Signature"]
                sent_at = int(header.split(",")[0].removeprefix("t="))
                assert header == signature(body, secret=SECRET, timestamp=sent_at)
                refused = shop.refuse > 0
                shop.refuse -= refused
                if not refused:
                    shop.taken.append(json.loads(body))
                self.send_response(500 if refused else 200)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait_for(self, count: int) -> list[str]:
        deadline = time.monotonic() + 10
        while len(self.taken) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        return [event["type"] for event in self.taken]


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()
    yield shop
    shop.server.shutdown()
    shop.server.server_close()


@pytest.fixture
def gateway(shop: Shop, tmp_path: Path) -> Iterator[SandboxServer]:
    url = f"http://127.0.0.1:{shop.server.server_port}/api/v1/payments/webhooks/sandbox"
    server = SandboxServer(tmp_path, webhook_url=url)
    yield server
    server.stop()


def sell(gateway: SandboxServer, method: str) -> None:
    payment = str(uuid4())
    body = {"paymentId": payment, "amount": 500, "currency": "EUR"}
    gateway.post(
        "/gateway/v1/authorizations", {**body, "attemptId": payment, "method": method}
    ).raise_for_status()
    gateway.post("/gateway/v1/captures", {**body, "attemptId": str(uuid4())}).raise_for_status()


def test_webhooks_are_sent_in_order(shop: Shop, gateway: SandboxServer) -> None:
    sell(gateway, "tok_visa")
    assert shop.wait_for(2) == ["authorize.succeeded", "capture.succeeded"]


def test_a_refused_webhook_comes_again(shop: Shop, gateway: SandboxServer) -> None:
    shop.refuse = 1
    sell(gateway, "tok_visa")
    assert sorted(shop.wait_for(2)) == ["authorize.succeeded", "capture.succeeded"]


def test_duplicates_come_three_times(shop: Shop, gateway: SandboxServer) -> None:
    sell(gateway, "tok_webhook_duplicate")
    assert shop.wait_for(6) == ["authorize.succeeded"] * 3 + ["capture.succeeded"] * 3


def test_reordered_webhooks_come_the_wrong_way_round(shop: Shop, gateway: SandboxServer) -> None:
    sell(gateway, "tok_webhook_reordered")
    assert shop.wait_for(2) == ["capture.succeeded", "authorize.succeeded"]
