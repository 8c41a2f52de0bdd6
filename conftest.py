"""What every test may ask for: a client that speaks JSON, and the event pump."""

from collections.abc import Callable
from typing import Any

import pytest
from django_redis import get_redis_connection

from ecommerce import clock
from ecommerce.testing import JsonClient
from ecommerce.testing_database import keep_first_rows
from ecommerce.ttl_cache import TtlCache


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """A test that commits leaves behind what the migrations wrote, and nothing else."""
    with django_db_blocker.unblock():
        keep_first_rows()


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
def _empty_cache() -> None:
    """Every test starts with empty caches; Valkey's is its worker's own database."""
    get_redis_connection("default").flushdb()
    TtlCache.clear_all()


@pytest.fixture(autouse=True)
def _own_clock() -> None:
    """Tests set the clock of their process; whoever imports the WSGI door has it follow the database's."""
    clock.follow(None)
