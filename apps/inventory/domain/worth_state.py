"""A SKU's worth as plain data, so that a replay can go on from it."""

from collections import deque
from collections.abc import Mapping
from typing import Any

from apps.inventory.domain.valuation import Method, Pile, Worth

_SUMS = ("bought_minor", "assumed_minor", "unknown_units", "sold_units", "sold_minor", "lost_units",
         "lost_minor")  # fmt: skip


def state_of(worth: Worth, ids: Mapping[str, str]) -> dict[str, Any]:
    """All of a worth, as JSON has it; places by their ids, since codes may change."""
    return {
        "places": {ids[code]: _pile(pile) for code, pile in worth.places.items()},
        "transit": _pile(worth.transit),
        "last": list(worth.last),
        **{name: getattr(worth, name) for name in _SUMS},
    }


def worth_of(state: Mapping[str, Any], method: Method, codes: Mapping[str, str]) -> Worth:
    """The worth that ``state_of`` made this of."""
    average = method == "average"
    of, cost = state["last"]
    worth = Worth(average, last=(of, cost), **{name: state[name] for name in _SUMS})
    worth.transit = _laid(state["transit"], average)
    worth.places = {codes[id_]: _laid(pile, average) for id_, pile in state["places"].items()}
    return worth


def _pile(pile: Pile) -> dict[str, Any]:
    return {"layers": [list(one) for one in pile.layers], "owed": [list(one) for one in pile.owed]}


def _laid(state: Mapping[str, Any], average: bool) -> Pile:
    layers = deque((units, cost) for units, cost in state["layers"])
    return Pile(average, layers, deque((units, kind) for units, kind in state["owed"]))
