"""Named places at which a test may kill the process: the proof that a crash anywhere is survived.

``SHOP_FAULT=checkout.after_place`` makes the process kill itself with SIGKILL when it gets there;
with ``SHOP_FAULT_ONCE=<file>`` only the first process that can create the file does. Unset (always,
outside of tests) reaching a place costs one comparison.
"""

import os
import signal
from collections.abc import Callable

PLACES = (
    "checkout.in_place",
    "checkout.after_place",
    "checkout.after_authorize",
    "checkout.in_confirm",
    "checkout.after_confirm",
    "checkout.after_capture",
    "checkout.in_complete",
    "checkout.after_complete",
    "checkout.after_give_back",
    "checkout.in_compensate",
    "checkout.after_compensate",
)
_armed: str | None = os.environ.get("SHOP_FAULT")


def reach(place: str) -> None:
    """Say that the work has got to this place."""
    if _armed is not None and place == _armed:
        _strike()


def _kill() -> None:
    once = os.environ.get("SHOP_FAULT_ONCE")
    if once:
        try:
            os.close(os.open(once, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return
    os.kill(os.getpid(), signal.SIGKILL)


_strike: Callable[[], None] = _kill


def arm(place: str | None, strike: Callable[[], None] | None = None) -> None:
    """For tests within the process: do this at that place, or nothing any more."""
    global _armed, _strike  # one process, one fault
    _armed, _strike = place, strike or _kill
