"""A lost broker is looked for every few seconds."""

import itertools
from typing import Any

import pytest
from kombu.exceptions import OperationalError
from kombu.utils import functional

from config.celery import app
from ecommerce.operations.reconnecting import LONGEST_SECONDS


def test_a_worker_never_waits_long_before_it_looks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(functional, "sleep", lambda seconds: None)
    pauses: list[float] = []

    def note(error: Any, pause: float) -> None:
        pauses.append(pause)

    with (
        app.connection_for_read("redis://127.0.0.1:1/0") as connection,
        pytest.raises(OperationalError),
    ):
        connection.ensure_connection(note, 10)

    assert len(pauses) == 10
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(pauses))
    assert max(pauses) == LONGEST_SECONDS
