"""Landed cost and valuation as pure rules: no cent is lost, whatever comes in whatever order."""

import json
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.inventory.domain.landed import (
    OrderedLine,
    OtherCost,
    arrived,
    not_borne,
    other_shares,
)
from apps.inventory.domain.valuation import Method, Move, cost_of_shipments, replay
from apps.inventory.domain.worth_state import state_of, worth_of
from ecommerce.money import share_of

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LINES = st.lists(
    st.builds(OrderedLine, units=st.integers(1, 500), unit_cost_minor=st.integers(0, 100_000)),
    min_size=1,
    max_size=8,
)
COSTS = st.lists(
    st.builds(
        OtherCost, amount_minor=st.integers(0, 1_000_000), by=st.sampled_from(("value", "quantity"))
    ),
    max_size=4,
)
RATES = st.decimals("0.01", "200", places=6)


@given(lines=LINES, costs=COSTS, rate=RATES)
def test_the_parts_of_other_costs_add_up(
    lines: list[OrderedLine], costs: list[OtherCost], rate: Decimal
) -> None:
    shares = other_shares(lines, costs, rate)

    assert sum(shares) == sum(share_of(cost.amount_minor, rate) for cost in costs)
    assert all(share >= 0 for share in shares)


@given(
    line=st.builds(OrderedLine, units=st.integers(1, 100), unit_cost_minor=st.integers(0, 10_000)),
    share=st.integers(0, 100_000),
    parts=st.lists(st.integers(1, 60), max_size=6),
    rate=RATES,
)
def test_however_a_line_arrives_its_parts_add_up(
    line: OrderedLine, share: int, parts: list[int], rate: Decimal
) -> None:
    came = goods = other = 0
    for units in parts:
        part = arrived(line, share_minor=share, before=came, units=units, rate=rate)
        came, goods, other = came + units, goods + part.goods_minor, other + part.other_minor
        assert part.other_minor >= 0

    assert goods == share_of(line.unit_cost_minor * came, rate)
    assert other + not_borne(line, share_minor=share, arrived_units=came) == share


def bought(units: int, cost: int, place: str = "main") -> Move:
    return Move(place, "receipt", units, cost, NOON)


def sold(units: int, order: str = "") -> Move:
    return Move("main", "shipment", -units, None, NOON, order)


def test_first_in_is_first_out() -> None:
    moves = [bought(10, 1000), bought(10, 2000), sold(15)]

    worth = replay(moves, "fifo")

    assert (worth.units, worth.cost_minor, worth.sold_minor) == (5, 1000, 2000)


def test_the_average_moves_with_each_arrival() -> None:
    moves = [bought(10, 1000), sold(5), bought(5, 1000), sold(1)]

    worth = replay(moves, "average")

    assert (worth.units, worth.cost_minor, worth.sold_minor) == (9, 1350, 650)


def test_a_third_of_a_cent_stays_with_what_is_left() -> None:
    worth = replay([bought(3, 100), sold(1), sold(1)], "fifo")

    assert (worth.cost_minor, worth.sold_minor) == (34, 66)


def test_what_is_transferred_takes_its_cost_along() -> None:
    moves = [
        bought(2, 100),
        bought(2, 300),
        Move("main", "transfer_out", -3, None, NOON),
        Move("north", "transfer_in", 2, None, NOON),
    ]

    worth = replay(moves, "fifo")

    assert worth.places["main"].cost_minor == 150
    assert worth.places["north"].cost_minor == 100
    assert (worth.transit.units, worth.transit.cost_minor) == (1, 150)


def test_what_comes_back_undoes_its_sale() -> None:
    worth = replay([bought(4, 400), sold(2), Move("main", "return", 1, None, NOON)], "fifo")

    assert (worth.units, worth.cost_minor, worth.sold_units, worth.sold_minor) == (3, 300, 1, 100)
    assert worth.assumed_minor == 0


def test_units_that_nobody_priced_cost_what_those_before_did_or_are_told_as_unknown() -> None:
    found = Move("main", "count", 2, None, NOON)

    assert replay([found], "fifo").unknown_units == 2
    assert replay([bought(4, 401), found], "fifo").assumed_minor == 200


def test_what_never_came_takes_along_what_it_was_booked_at_and_nothing_else() -> None:
    moves = [bought(5, 5), bought(7, 700), Move("main", "adjustment", -2, 200, NOON)]

    for method, piles in (("fifo", [(3, 3), (7, 502)]), ("average", [(10, 505)])):
        worth = replay(moves, method)  # type: ignore[arg-type]  # both are
        assert list(worth.places["main"].layers) == piles
        assert (worth.bought_minor, worth.lost_minor) == (505, 0)


def test_what_never_came_and_was_sold_meanwhile_is_lost_or_won() -> None:
    worth = replay([bought(4, 400), sold(3), Move("main", "adjustment", -1, 90, NOON)], "fifo")

    assert (worth.cost_minor, worth.bought_minor, worth.lost_minor) == (0, 310, 10)


def test_what_an_order_cost_is_told() -> None:
    moves = [bought(2, 100), bought(9, 1800), sold(1, "a"), sold(3, "b"), sold(1, "c")]

    assert cost_of_shipments(moves, "fifo", reference="b") == (3, 450)


MOVES = st.lists(
    st.builds(
        Move,
        st.sampled_from(("main", "north")),
        st.sampled_from(("receipt", "return", "count", "shipment", "damage", "transfer_out")),
        st.integers(1, 40),
        st.none() | st.integers(0, 5_000),
        st.just(NOON),
    ),
    max_size=40,
)


def ledger(moves: list[Move]) -> list[Move]:
    """Moves that a ledger could hold: outgoing ones negative, what is transferred lands elsewhere."""
    written = []
    for move in moves:
        arriving = move.kind in {"receipt", "return", "count"}
        cost = move.cost_minor if move.kind in {"receipt", "damage"} else None
        delta = move.delta if arriving else -move.delta
        written.append(Move(move.location, move.kind, delta, cost, NOON))
        if move.kind == "transfer_out" and move.delta % 3:
            other = "north" if move.location == "main" else "main"
            written.append(Move(other, "transfer_in", move.delta, None, NOON))
    return written


def possible(moves: list[Move]) -> list[Move]:
    """Without those that would take what is not there, as the ledger refuses them."""
    there: Counter[str] = Counter()
    sent, kept = 0, []
    for move in moves:
        if there[move.location] + move.delta < 0 or (
            move.kind == "transfer_in" and sent < move.delta
        ):
            continue
        there[move.location] += move.delta
        sent -= move.delta if move.kind.startswith("transfer") else 0
        kept.append(move)
    return kept


@pytest.mark.parametrize("method", ["fifo", "average"])
@given(moves=MOVES, in_order=st.booleans())
def test_any_interleaving_keeps_units_and_cost(
    method: Method, moves: list[Move], in_order: bool
) -> None:
    """Also where entries come late, so that something leaves before what brought it."""
    entries = possible(ledger(moves)) if in_order else ledger(moves)
    on_hand: Counter[str] = Counter()
    for move in entries:
        on_hand[move.location] += move.delta

    worth = replay(entries, method)

    for place, pile in worth.places.items():
        assert pile.units == on_hand[place]
        assert sum(units for units, _ in pile.layers) >= on_hand[place]
        assert all(units > 0 and cost >= 0 for units, cost in pile.layers)
    came = worth.bought_minor + worth.assumed_minor
    stays = worth.cost_minor + worth.transit.cost_minor
    assert came == stays + worth.sold_minor + worth.lost_minor
    assert worth.bought_minor == sum(
        (m.cost_minor or 0) * (1 if m.delta > 0 else -1) for m in entries
    )
    if in_order:
        assert worth.sold_units >= 0
        assert worth.sold_minor >= 0


IDS = {"main": "1", "north": "2"}
CODES = {"1": "main", "2": "north"}


@pytest.mark.parametrize("method", ["fifo", "average"])
@given(moves=MOVES, cut=st.integers(0, 60))
def test_a_replay_that_goes_on_from_a_snapshot_is_the_whole_replay(
    method: Method, moves: list[Move], cut: int
) -> None:
    entries = ledger(moves)
    state = json.loads(json.dumps(state_of(replay(entries[:cut], method), IDS)))
    start = worth_of(state, method, CODES)
    assert replay(entries[cut:], method, start=start) == replay(entries, method)
