"""What goes wrong, and when: by the method token, or for the next N requests by order of a test."""

import threading
from typing import Literal

Fault = Literal[
    "", "decline", "timeout", "lost_answer", "slow", "trickle", "flood", "unavailable", "error"
]
FAULTS: tuple[Fault, ...] = (
    "decline",
    "timeout",
    "lost_answer",
    "slow",
    "trickle",
    "flood",
    "unavailable",
    "error",
)

_BY_TOKEN: dict[tuple[str, str], Fault] = {
    ("authorize", "tok_timeout"): "timeout",
    ("authorize", "tok_lost_answer"): "lost_answer",
    ("authorize", "tok_slow"): "slow",
    ("capture", "tok_capture_lost_answer"): "lost_answer",
    ("refund", "tok_refund_lost_answer"): "lost_answer",
}
_DECLINES = {
    ("authorize", "tok_declined"): "card_declined",
    ("authorize", "tok_insufficient_funds"): "insufficient_funds",
    ("capture", "tok_capture_declined"): "capture_declined",
    ("refund", "tok_refund_declined"): "refund_declined",
}


def fault_of(kind: str, method: str) -> Fault:
    """How an operation with this method token goes wrong on its way."""
    return _BY_TOKEN.get((kind, method), "")


def decline_of(kind: str, method: str) -> str:
    """The code with which the bank refuses this token, or nothing."""
    if kind == "authorize" and not method.startswith("tok_"):
        return "invalid_method"
    return _DECLINES.get((kind, method), "")


class Orders:
    """A fault that was ordered for the next requests."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._fault: Fault = ""
        self._left = 0
        self._path = ""

    def give(self, fault: Fault, times: int, path: str) -> None:
        """From now on, and for so many requests whose path holds ``path``."""
        with self._lock:
            self._fault, self._left, self._path = fault, times, path

    def take(self, path: str) -> Fault:
        """The fault for a request, if one was ordered."""
        with self._lock:
            if self._left < 1 or self._path not in path:
                return ""
            self._left -= 1
            return self._fault
