"""The table that the test doors write to."""

from collections.abc import Iterator

import pytest
from django.db import connection

from ecommerce.http.tests.doors import EFFECTS


@pytest.fixture
def effects(request: pytest.FixtureRequest) -> Iterator[None]:
    mark = request.node.get_closest_marker("django_db")
    request.getfixturevalue("transactional_db" if mark.kwargs.get("transaction") else "db")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {EFFECTS} (id bigserial PRIMARY KEY, note text NOT NULL)")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {EFFECTS}")
