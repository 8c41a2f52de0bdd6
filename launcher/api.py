"""A caller of the shop's public API, as any partner would be: JSON over HTTP, and nothing else."""

import time
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from launcher.processes import LaunchError

PATIENCE_SECONDS = 60.0
Found = TypeVar("Found")


class Caller:
    """Somebody who talks to the shop, with headers of their own (a token, say)."""

    def __init__(self, url: str, **headers: str) -> None:
        self.http = httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=60)

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of a resource."""
        return self._read(self.http.get(path, params=query))

    def post(self, path: str, body: Any = None) -> Any:
        """The JSON that a command answers. It carries an Idempotency-Key, as commands should."""
        return self._read(
            self.http.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})
        )

    def upload(self, path: str, **parts: Any) -> httpx.Response:
        """Send a file; the whole answer, for its Location."""
        answer = self.http.post(path, headers={"Idempotency-Key": str(uuid4())}, **parts)
        self._read(answer)
        return answer

    def sign_in(self, email: str, password: str) -> Any:
        """Log in; later calls are made in that name."""
        tokens = self.post("/auth/login", {"email": email, "password": password})
        self.http.headers["Authorization"] = f"Bearer {tokens['accessToken']}"
        return tokens

    def _read(self, answer: httpx.Response) -> Any:
        if answer.is_success:
            return answer.json() if answer.content else None
        raise LaunchError(f"{answer.request.method} {answer.request.url.path}: {_refusal(answer)}")


def _refusal(answer: httpx.Response) -> str:
    """A problem document in a line."""
    try:
        problem = answer.json()
    except ValueError:
        return f"{answer.status_code}: {answer.text[:300]}"
    faults = "; ".join(f"{f['pointer']}: {f['detail']}" for f in problem.get("errors", []))
    told = f"{problem.get('status')} {problem.get('code')}: {problem.get('detail')} {faults}"
    return f"{told.strip()} (correlation id {problem.get('correlationId')})"


def until(
    what: str, look: Callable[[], Found | None], *, seconds: float = PATIENCE_SECONDS
) -> Found:
    """Look until there is something; what is told by events takes a moment."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found is not None:
            return found
        if time.monotonic() > deadline:
            raise LaunchError(f"Waited {seconds:.0f} s in vain for {what}.")
        time.sleep(0.1)
