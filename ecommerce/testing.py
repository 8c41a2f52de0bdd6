"""A test's client of the API: what a storefront or a partner would send, and plain data back."""

from typing import Any

from rest_framework.test import APIClient


class JsonClient(APIClient):
    """Sends JSON, reads JSON: ``response.json()`` works for problem documents too.

    ``api.force_authenticate(user=Viewer(...))`` signs in without accounts; keyword ``headers``
    takes wire names (``headers={"Idempotency-Key": "1"}``). A view's exception becomes the 500
    that a caller would see unless ``raise_request_exception`` is left true, as it is by default.
    """

    default_format = "json"

    def force_authenticate(self, user: Any = None, token: Any = None) -> None:
        """Sign in as a Viewer (or sign out), without accounts."""
        super().force_authenticate(user=user, token=token)

    def json_of(
        self, method: str, path: str, body: Any = None, *, status: int, **extra: Any
    ) -> Any:
        """Send, expect exactly this status, and return the decoded body (None where there is none)."""
        response = self.generic_json(method, path, body, **extra)
        if response.status_code != status:
            raise AssertionError(
                f"{response.status_code}, not {status}: {response.content[:2000]!r}"
            )
        return response.json() if response.content else None

    def generic_json(self, method: str, path: str, body: Any = None, **extra: Any) -> Any:
        """Any method by its name, with a JSON body where there is one."""
        send = getattr(self, method.lower())
        return send(path, **extra) if body is None else send(path, body, **extra)
