"""Putting off the search for cycles does not keep them for ever."""

import gc
import weakref

import pytest

from ecommerce.sweeping import sweep, sweep_seldom, unswept


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


def test_a_process_that_serves_looks_for_cycles_seldom_and_still_finds_them() -> None:
    usual = gc.get_threshold()
    try:
        sweep_seldom()
        knot = weakref.ref(Knot())
        kept = [[] for _ in range(gc.get_threshold()[0] + 1)]  # type: ignore[var-annotated]
        assert len(kept) > usual[0]
        assert knot() is None
        assert gc.get_freeze_count() > 0
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
