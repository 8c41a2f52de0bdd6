"""For tests: a real sandbox process of one's own. ``from sandbox.testing import sandbox_server``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.process import SECRET, SandboxServer

__all__ = ["SECRET", "SandboxServer", "sandbox_server"]


@pytest.fixture
def sandbox_server(tmp_path: Path, settings: Any) -> Iterator[SandboxServer]:
    """A sandbox with empty books; the shop's SANDBOX_URL points at it."""
    server = SandboxServer(tmp_path / "sandbox")
    settings.SANDBOX_URL = server.url
    yield server
    server.stop()
