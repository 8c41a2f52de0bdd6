"""What experiments run on: a folder of their own, with a migrated database to copy from."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from proving.lab import template_of


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """One that the database's user may enter, as pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="shop-test-faults-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


@pytest.fixture(scope="module")
def template(folder: Path) -> Iterator[Path]:
    with template_of(folder / "template") as template:
        yield template
