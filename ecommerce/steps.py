"""Where a piece of work has got to: sagas and consumers say it, and whoever tests faults may act on it.

``SHOP_FAULT=checkout.after_place`` makes the process kill itself with SIGKILL when it gets there;
with ``SHOP_FAULT_ONCE=<file>`` only the first process that can create the file does, and
``SHOP_FAULT_AFTER=<n>`` lets it pass n times before. Unset (always, outside of tests) reaching a
step costs one comparison.
"""

import os
import signal
from collections.abc import Callable

_armed: str | None = os.environ.get("SHOP_FAULT")
_passes = int(os.environ.get("SHOP_FAULT_AFTER") or 0)


def reach(step: str) -> None:
    """Say that the work has got to this step, named ``<room>.<where>``."""
    if _armed is not None and step == _armed:
        _pass_or_strike()


def _pass_or_strike() -> None:
    global _passes
    if _passes > 0:
        _passes -= 1
        return
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


def arm(step: str | None, strike: Callable[[], None] | None = None) -> None:
    """For tests within the process: do this at that step, or nothing any more."""
    global _armed, _strike  # one process, one fault
    _armed, _strike = step, strike or _kill
