"""Fixtures of the tests that cross rooms."""

from tests.live_shop import live_database, live_shop

__all__ = ["live_database", "live_shop"]
