"""The sample shop, loaded once for all tests of it."""

import io
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import override_settings

from ecommerce import clock
from sampleshop import loading
from sampleshop.screen import Screen

LOADED_AT = clock.now()


@pytest.fixture(scope="session")
def sample_shop(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """What the command said; small pictures are soon drawn. The shop is in a transaction around all of its tests, which never ends."""
    said = io.StringIO()
    media = str(tmp_path_factory.mktemp("media"))
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=media),
        patch("sampleshop.pictures.SIDE", 64),
        transaction.atomic(),
    ):
        assert loading.load(Screen(said), now=LOADED_AT)
        assert loading.bring_up_to_date(Screen(said))
        yield said.getvalue()
        transaction.set_rollback(True)
