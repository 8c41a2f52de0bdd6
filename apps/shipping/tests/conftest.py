"""A sandbox carrier of one's own for every test that asks for it."""

from sandbox.testing import sandbox_server

__all__ = ["sandbox_server"]
