"""Putting off the search for cycles does not keep them for ever."""

import gc
import weakref

import pytest

from ecommerce.sweeping import sweep, unswept


class Knot:
    def __init__(self) -> None:
        self.itself = self


def test_cycles_wait_for_the_sweep_and_no_longer() -> None:
    with unswept():
        knot = weakref.ref(Knot())
        assert len([[] for _ in range(10_000)]) == 10_000
        assert knot() is not None

        sweep()

        assert knot() is None


def test_afterwards_all_is_as_before() -> None:
    knot = weakref.ref(Knot())
    with pytest.raises(ZeroDivisionError), unswept():
        _fail_unswept()

    assert gc.isenabled()
    gc.collect()
    assert knot() is None


def _fail_unswept() -> None:
    assert not gc.isenabled()
    raise ZeroDivisionError
