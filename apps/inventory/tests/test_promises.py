"""Holds of every kind in any interleaving: what is promised is what is held, and never more than allowed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from apps.inventory import services
from apps.inventory.errors import (
    InsufficientStock,
    NoReservation,
    NotAllocated,
    OutOfStock,
    PolicyUnfit,
    ReservationClosed,
    ReservationExpired,
)
from apps.inventory.models import Reservation, StockPolicy
from apps.inventory.tests.factories import location, order_of
from apps.inventory.types import AdjustStock, Counting, Oversell, SetPolicy, StockLine
from ecommerce import clock
from ecommerce.identity import SYSTEM
from ecommerce.ids import new_id

PLACES = ("main", "north")
REFUSALS = (
    NoReservation,
    InsufficientStock,
    NotAllocated,
    OutOfStock,
    PolicyUnfit,
    ReservationClosed,
    ReservationExpired,
)
LATE = timedelta(seconds=1)
picks = st.integers(0, 99)


class Shop(RuleBasedStateMachine):
    """Two SKUs and a kit of both; every command of holds, with refusals that must change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        for place in PLACES:
            location(place)
        self.skus = (new_id(), new_id())
        self.kit = new_id()
        services.set_kit(
            sku_id=self.kit, components={self.skus[0]: 1, self.skus[1]: 2}, actor=SYSTEM
        )
        self.orders: list[UUID] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def order(self, pick: int) -> UUID:
        return self.orders[pick % len(self.orders)] if self.orders else new_id()

    @rule(sku=st.integers(0, 1), place=st.sampled_from(PLACES), delta=st.integers(-4, 9))
    def adjust(self, sku: int, place: str, delta: int) -> None:
        command = AdjustStock(
            sku_id=self.skus[sku], delta=delta or 1, reason="test", location=place
        )
        self.attempt(lambda: services.adjust_stock(command))

    @rule(units=st.tuples(*[st.integers(0, 4)] * 3), late=st.booleans(), partial=st.booleans())
    def reserve(self, units: tuple[int, int, int], late: bool, partial: bool) -> None:
        lines = {s: n for s, n in zip((*self.skus, self.kit), units, strict=True) if n}
        if not lines:
            return
        command = order_of(
            lines,
            allow_partial=partial,
            expires_at=clock.now() + (-LATE if late else timedelta(hours=1)),
        )
        stock = services.availability(sku_ids=list(lines))
        held = self.attempt(lambda: services.reserve_stock(command))
        if held is not None:
            self.orders.append(command.order_id)
        elif len(lines) == 1 and not partial:
            assert all(stock[sku].orderable < n for sku, n in lines.items())

    @rule(pick=picks)
    def confirm(self, pick: int) -> None:
        order_id = self.order(pick)
        self.attempt(lambda: services.confirm_reservation(order_id=order_id, now=clock.now()))

    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        order_id = self.order(pick)
        self.attempt(lambda: services.cancel_reservation(order_id=order_id, reason="test"))

    @rule(pick=picks, seconds=st.integers(1, 9000))
    def extend(self, pick: int, seconds: int) -> None:
        held = Reservation.objects.filter(order_id=self.order(pick)).first()
        reservation_id = held.id if held else new_id()
        self.attempt(
            lambda: services.extend_reservation(
                reservation_id=reservation_id, seconds=seconds, now=clock.now()
            )
        )

    @rule(pick=picks, what=st.integers(0, 2), units=st.integers(1, 2))
    def ship(self, pick: int, what: int, units: int) -> None:
        sku_id = (*self.skus, self.kit)[what]
        order_id, reference = self.order(pick), str(new_id())
        self.attempt(
            lambda: services.ship_stock(
                order_id=order_id,
                lines=[StockLine(sku_id=sku_id, quantity=units)],
                reference=reference,
            )
        )

    @rule()
    def sweep(self) -> None:
        services.expire_reservations()

    @rule()
    def fill(self) -> None:
        services.fill_backorders(sku_ids=self.skus)

    @rule(
        sku=st.integers(0, 1), how=st.sampled_from(("deny", "backorder")), limit=st.integers(0, 8)
    )
    def allow(self, sku: int, how: Oversell, limit: int) -> None:
        command = SetPolicy(sku_id=self.skus[sku], oversell=how, oversell_limit=limit)
        self.attempt(lambda: services.set_policy(command, actor=SYSTEM))

    @rule(sku=st.integers(0, 1), counting=st.sampled_from(("plain", "striped", "flash")))
    def count(self, sku: int, counting: Counting) -> None:
        services.set_counting(sku_id=self.skus[sku], counting=counting)

    def attempt(self, command: Callable[[], Any]) -> Any:
        try:
            with transaction.atomic():
                return command()
        except REFUSALS:
            return None

    @invariant()
    def promises_are_what_is_held(self) -> None:
        audit = services.audit_stock()
        assert audit.clean, audit
        for sku, stock in services.availability(sku_ids=self.skus).items():
            assert min(stock.on_hand, stock.reserved, stock.allocated, stock.available) >= 0
            assert stock.reserved + stock.allocated <= stock.on_hand
            policy = StockPolicy.objects.filter(sku_id=sku).first()
            assert policy is None or 0 <= policy.backordered <= policy.oversell_limit


@pytest.mark.django_db
def test_any_interleaving_keeps_what_is_promised() -> None:
    run_state_machine_as_test(
        Shop,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
