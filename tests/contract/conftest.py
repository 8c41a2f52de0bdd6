"""Fixtures of the contract tests: doors without limits, a gateway that answers."""

from typing import Any

import pytest

from sandbox.testing import SandboxServer, sandbox_server

__all__ = ["sandbox_server"]


@pytest.fixture(autouse=True)
def unlimited(settings: Any, tmp_path: Any, sandbox_server: SandboxServer) -> None:
    settings.RATE_LIMIT_SCALE = 0.0
    settings.MEDIA_ROOT = str(tmp_path)
