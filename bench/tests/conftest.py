"""Fixtures of the bench's tests."""

from tests.live_shop import live_database

__all__ = ["live_database"]
