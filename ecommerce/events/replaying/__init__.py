"""Rebuilding a projection from the log beside the live one, comparing, and swapping."""

from ecommerce.events.replaying._parity import TableParity
from ecommerce.events.replaying._replay import ReplayResult, events_to_read, replay

__all__ = ["ReplayResult", "TableParity", "events_to_read", "replay"]
