"""Chance that repeats itself: everything follows from a seed, a kind and a number."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")
EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_EPOCH_MS = int(EPOCH.timestamp() * 1000)
_LOW_62 = (1 << 62) - 1


class Dice:
    """Draws for one thing. It holds 512 bits: enough for some hundred small draws."""

    def __init__(self, seed: int, kind: str, number: int) -> None:
        self._left = int.from_bytes(_digest(seed, kind, number, size=64))

    def below(self, limit: int) -> int:
        """A number from 0 up to the limit, which is not one of them."""
        self._left, drawn = divmod(self._left, limit)
        return drawn

    def pick(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]


def id_of(seed: int, kind: str, number: int) -> UUID:
    """A UUIDv7 (RFC 9562) of a fixed time: ids sort by number, as if they were made one by one."""
    bits = int.from_bytes(_digest(seed, kind, number, size=10))
    stamp = (_EPOCH_MS + number) << 80
    return UUID(int=stamp | 7 << 76 | (bits >> 68) << 64 | 2 << 62 | bits & _LOW_62)


def _digest(seed: int, kind: str, number: int, *, size: int) -> bytes:
    return blake2b(f"{seed}:{kind}:{number}".encode(), digest_size=size).digest()
