"""Which of the log's partitions a key belongs to. Free of Django."""

from zlib import crc32

PARTITIONS = 16
"""Fixed for the life of a log: another number would send old and new events of a key apart."""


def partition_of(key: str) -> int:
    """The same for the same key in every process and release."""
    return crc32(key.encode()) % PARTITIONS
