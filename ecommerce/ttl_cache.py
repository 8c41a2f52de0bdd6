"""What a process remembers for a few seconds, so that a hot read costs no statement."""

import threading
import time
import weakref
from collections.abc import Callable, Hashable
from typing import ClassVar, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class TtlCache(Generic[K, V]):
    """A bounded map whose values are never older than ``seconds``, counted from before they were read."""

    _all: ClassVar["weakref.WeakSet[TtlCache[object, object]]"] = weakref.WeakSet()

    def __init__(self, *, seconds: float, size: int = 10_000) -> None:
        self._seconds = seconds
        self._size = size
        self._entries: dict[K, tuple[float, V]] = {}
        self._lock = threading.Lock()
        TtlCache._all.add(self)  # type: ignore[arg-type]  # a registry of caches of any kind

    def get(self, key: K, load: Callable[[], V]) -> V:
        """The remembered value, or what ``load`` reads now."""
        started = time.monotonic()
        entry = self._entries.get(key)
        if entry is not None and started - entry[0] < self._seconds:
            return entry[1]
        value = load()
        with self._lock:
            if len(self._entries) >= self._size:
                self._entries.clear()
            self._entries[key] = (started, value)
        return value

    def forget(self, *keys: K) -> None:
        with self._lock:
            for key in keys:
                self._entries.pop(key, None)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

    @classmethod
    def clear_all(cls) -> None:
        """Forget everything in this process. Tests do so between each other."""
        for cache in list(cls._all):
            cache.clear()
