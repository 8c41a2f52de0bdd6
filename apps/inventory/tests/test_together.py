"""Any commands on several connections at once: the books hold after them, and nobody deadlocks."""

import random
from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.inventory import services
from apps.inventory.tests.factories import location, order_of
from apps.inventory.types import (
    AdjustStock,
    ArrivedLine,
    CountStock,
    LotUnits,
    ReceiveTransfer,
    RequestTransfer,
    StockLine,
    Tracking,
    TransferStock,
)
from ecommerce import clock
from ecommerce.errors import ShopError
from ecommerce.ids import new_id
from ecommerce.testing_threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PLACES = ("main", "north")
ACTS = ("receive", "damage", "scrap", "count", "move", "send", "buy", "buy", "ship", "give back")
acts = st.tuples(st.sampled_from(ACTS), st.integers(1, 4), st.integers(0, 2**16))


class Crowd:
    """Two SKUs, one of them with lots, at two locations."""

    def __init__(self) -> None:
        for place in PLACES:
            location(place)
        self.skus = [new_id(), new_id()]
        services.track_sku(Tracking(sku_id=self.skus[1], lots=True))
        for sku in self.skus:
            for place in PLACES:
                services.receive_stock(
                    sku_id=sku, quantity=6, location=place, lots=self.lots(sku, 6)
                )

    def lots(self, sku: object, units: int) -> tuple[LotUnits, ...]:
        return (LotUnits(code="a", quantity=units),) if sku == self.skus[1] else ()

    def job(self, act: str, units: int, seed: int) -> Callable[[], str]:
        chance = random.Random(seed)
        sku, place = chance.choice(self.skus), chance.choice(PLACES)
        lines = dict.fromkeys(chance.sample(self.skus, chance.choice((1, 2))), units)

        def run() -> str:
            try:
                self._do(act, units, sku, place, lines)
            except ShopError as refusal:
                return type(refusal).__name__
            return act

        return run

    def _do(self, act: str, units: int, sku: UUID, place: str, lines: dict[UUID, int]) -> None:
        other = PLACES[1 - PLACES.index(place)]
        wanted = tuple(StockLine(sku_id=one, quantity=n) for one, n in lines.items())
        if act == "receive":
            services.receive_stock(
                sku_id=sku, quantity=units, location=place, lots=self.lots(sku, units)
            )
        elif act == "damage":
            services.adjust_stock(
                AdjustStock(sku_id=sku, delta=-units, reason="x", location=place, kind="damage")
            )
        elif act == "scrap":
            services.adjust_stock(
                AdjustStock(
                    sku_id=sku, delta=0, damaged_delta=-1, reason="x", location=place, kind="scrap"
                )
            )
        elif act == "count":
            services.count_stock(
                [CountStock(sku_id=one, on_hand=n, location=place) for one, n in lines.items()]
            )
        elif act == "move":
            services.transfer_stock(
                TransferStock(sku_id=sku, quantity=units, source=place, destination=other)
            )
        elif act == "send":
            sent = services.send_transfer(
                RequestTransfer(lines=wanted, source=place, destination=other)
            )
            came = ArrivedLine(sku_id=wanted[0].sku_id, received=1)
            services.receive_transfer(
                ReceiveTransfer(
                    transfer_id=sent.id, lines=(came,), receipt="1", complete=units % 2 == 0
                )
            )
        else:
            self._order(act, lines, wanted)

    def _order(self, act: str, lines: dict[UUID, int], wanted: tuple[StockLine, ...]) -> None:
        held = services.reserve_stock(order_of(lines))
        if act == "give back":
            services.cancel_reservation(order_id=held.order_id, reason="x")
        elif act == "ship":
            services.confirm_reservation(order_id=held.order_id, now=clock.now())
            services.ship_stock(order_id=held.order_id, lines=wanted)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(acts, min_size=10, max_size=40))
def test_any_commands_at_once_keep_the_books(chosen: list[tuple[str, int, int]]) -> None:
    crowd = Crowd()
    outcomes = {str(one) for one in at_once([crowd.job(*one) for one in chosen])}
    assert outcomes <= {*ACTS, "InsufficientStock", "OutOfStock"}, outcomes
    audit = services.audit_stock()
    assert audit.clean, audit.off
