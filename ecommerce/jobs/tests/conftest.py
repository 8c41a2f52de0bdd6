"""A storage of each test's own, and no job left declared."""

from collections.abc import Iterator
from typing import Any

import pytest

from ecommerce.jobs import registry
from ecommerce.jobs.tests.working import ended


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.MEDIA_ROOT = str(tmp_path)
    ended.clear()
    yield
    registry._kinds.pop("test.job", None)
