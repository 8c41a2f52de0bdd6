"""Reading ahead changes when things are made, not what is made."""

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from ecommerce.reading_ahead import read_ahead


def test_everything_comes_once_and_in_order() -> None:
    assert list(read_ahead(range(1_000))) == list(range(1_000))
    assert list(read_ahead([])) == []


def test_an_error_comes_in_its_place() -> None:
    def two_and_a_fault() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("the third cannot be read")

    items = read_ahead(two_and_a_fault())

    assert (next(items), next(items)) == (1, 2)
    with pytest.raises(ValueError, match="third"):
        next(items)


def test_no_more_than_two_are_made_ahead() -> None:
    made: list[int] = []

    def counted() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    with closing(read_ahead(counted())) as items:
        for item in items:
            assert len(made) <= item + 3
            if item == 50:
                break


def test_who_stops_early_leaves_no_thread_behind() -> None:
    before = threading.active_count()

    with closing(read_ahead(range(1_000_000))) as items:
        assert next(items) == 0

    assert threading.active_count() == before
