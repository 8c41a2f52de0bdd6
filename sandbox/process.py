"""A sandbox process of one's own: started, asked, given faults, killed."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

SECRET = "tests-only-webhook-secret"  # noqa: S105 config/settings/test.py has the same
SECRET_VARIABLE = "PAYMENT_WEBHOOK_SECRET"  # noqa: S105 a name
_ROOT = Path(__file__).resolve().parent.parent


class SandboxServer:
    """The process and what a test may ask of it."""

    def __init__(self, folder: Path, *, webhook_url: str = "", port: int = 0) -> None:
        self._folder = folder
        self._webhook_url = webhook_url
        self._tracking_seconds = self._wms_seconds = 0.0
        self.url = ""
        self._start(port)

    def _start(self, port: int) -> None:
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "sandbox", "--port", str(port)),
                *("--data-dir", str(self._folder)),
                *("--webhook-url", self._webhook_url),
                *("--tracking-seconds", str(self._tracking_seconds)),
                *("--wms-seconds", str(self._wms_seconds)),
            ],
            cwd=_ROOT,
            env={**os.environ, SECRET_VARIABLE: SECRET},
            stdout=subprocess.PIPE,
            text=True,
        )
        lines = self._process.stdout
        if lines is None:
            raise RuntimeError("the sandbox has no output")
        self.url = lines.readline().split()[-1]

    def get(self, path: str) -> Any:
        """The JSON of a path of the sandbox."""
        return httpx.get(f"{self.url}{path}", timeout=10, trust_env=False).json()

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        """Send JSON to the sandbox."""
        return httpx.post(
            f"{self.url}{path}", json=body, headers=headers, timeout=10, trust_env=False
        )

    def order(self, scenario: str, *, times: int = 1, path: str = "") -> None:
        """A fault for the next requests, of those whose path's last part holds ``path``."""
        body = {"scenario": scenario, "times": times, "path": path}
        self.post("/_control", body).raise_for_status()

    def wms(self, warehouse: str, **orders: object) -> None:
        """Tell the warehouse: ``stock``, ``callbacks``, ``arrives``, or ``steps`` to work on its tasks."""
        self.post("/_control/wms", {"warehouse": warehouse, **orders}).raise_for_status()

    def go_ahead(self, seconds: float) -> None:
        """Put the sandbox's clock ahead."""
        self.post("/_control/clock", {"seconds": seconds}).raise_for_status()

    def succeeded(self, kind: str) -> int:
        """How many operations of a kind (authorize, capture, void, refund) have taken effect."""
        totals: dict[str, dict[str, dict[str, int]]] = self.get("/gateway/v1/totals")
        return sum(by_kind.get(kind, {}).get("times", 0) for by_kind in totals.values())

    def events(self) -> list[dict[str, Any]]:
        """The webhooks that were written, sent or not."""
        events: list[dict[str, Any]] = self.get("/gateway/v1/events")["events"]
        return events

    def kill(self) -> None:
        """As a power cut."""
        self._process.kill()
        self._process.wait()

    def restart(self) -> None:
        """Up again on the same port with the same books."""
        self._start(int(self.url.rsplit(":", 1)[1]))

    def call_back(self, webhook_url: str, *, tracking_seconds: float) -> None:
        """From now on send webhooks there, and let parcels move."""
        self._webhook_url, self._tracking_seconds = webhook_url, tracking_seconds
        self.stop()
        self.restart()

    def stop(self) -> None:
        """Down, the orderly way."""
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.kill()
