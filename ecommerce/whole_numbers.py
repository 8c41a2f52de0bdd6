"""Whole numbers that do not fit their column are refused on their way to the database.

Django hands a column's numbers to psycopg in the column's size where the server prepares statements, and
psycopg cuts off what is beyond it without a word: five billion would be stored as 705,032,704.
"""

import struct

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format
from psycopg.types import numeric


class OutOfRange(psycopg.DataError):
    """``value`` does not fit its column."""

    def __init__(self, value: int, *, size: int) -> None:
        self.value = value
        largest = 2 ** (8 * size - 1) - 1
        super().__init__(f"{value} is not from {-largest - 1} to {largest}")


class _WholeNumber(Dumper):
    """As the server reads it in binary. Raises OutOfRange for what is too large, as the server would DataError."""

    format = Format.BINARY
    _layout: struct.Struct

    def dump(self, obj: int) -> bytes:
        try:
            return self._layout.pack(obj)
        except struct.error:
            raise OutOfRange(obj, size=self._layout.size) from None


class _Int2(_WholeNumber):
    oid = psycopg.postgres.types["int2"].oid
    _layout = struct.Struct("!h")


class _Int4(_WholeNumber):
    oid = psycopg.postgres.types["int4"].oid
    _layout = struct.Struct("!i")


class _Int8(_WholeNumber):
    oid = psycopg.postgres.types["int8"].oid
    _layout = struct.Struct("!q")


def refuse_what_does_not_fit() -> None:
    """Called once by each process, before its first connection, which copies what is registered."""
    psycopg.adapters.register_dumper(numeric.Int2, _Int2)
    psycopg.adapters.register_dumper(numeric.Int4, _Int4)
    psycopg.adapters.register_dumper(numeric.Int8, _Int8)
