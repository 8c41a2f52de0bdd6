"""What every test may ask for: a client that speaks JSON, and the event pump."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django_redis import get_redis_connection

from ecommerce.testing import JsonClient


@pytest.fixture
def api() -> JsonClient:
    """A client of the API: JSON in and out, bodies of errors too."""
    return JsonClient()


@pytest.fixture
def drain() -> Callable[..., Any]:
    """Carry every published event to every consumer until nothing is left to do."""
    from ecommerce.events.testing import drain

    return drain


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Every test starts with an empty cache; it is its worker's own database of Valkey."""
    get_redis_connection("default").flushdb()
    yield
