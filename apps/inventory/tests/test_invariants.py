"""Whatever is done in whatever order: on-hand is the sum of the ledger and of its lots, promises what is held,
and what is on its way what transfers carry."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from apps.inventory import services
from apps.inventory.errors import (
    EmptyStockChange,
    InsufficientStock,
    NotAllocated,
    NotInTransfer,
    OutOfStock,
    ReservationClosed,
    ReservationExpired,
    TransferClosed,
)
from apps.inventory.queries import reading
from apps.inventory.tests.factories import counts, location, order_of
from apps.inventory.types import (
    AdjustStock,
    ArrivedLine,
    CountStock,
    LotUnits,
    ReceiveTransfer,
    RecordMovement,
    RequestTransfer,
    StockLine,
    Tracking,
    TransferStock,
)
from ecommerce import clock
from ecommerce.ids import new_id

FAR = datetime(2100, 1, 1, tzinfo=UTC)
PLACES = ("main", "north")


class Warehouse(RuleBasedStateMachine):
    """Random commands against two SKUs, one of them with lots, at two locations, with a plain model beside."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        for place in PLACES:
            location(place)
        self.skus = (new_id(), new_id())
        services.track_sku(Tracking(sku_id=self.skus[1], lots=True))
        self.orders: list[UUID] = []
        self.transfers: list[UUID] = []
        self.on_hand = dict.fromkeys(self.skus, 0)
        self.damaged = dict.fromkeys(self.skus, 0)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @rule(
        sku=st.integers(0, 1),
        place=st.sampled_from(PLACES),
        delta=st.integers(-6, 9),
        lot=st.sampled_from("abc"),
    )
    def adjust(self, sku: int, place: str, delta: int, lot: str) -> None:
        command = AdjustStock(
            sku_id=self.skus[sku],
            delta=delta or 1,
            reason="test",
            location=place,
            lots=self._of_lot(sku, delta or 1, lot),
        )
        try:
            with transaction.atomic():
                services.adjust_stock(command)
        except InsufficientStock:
            return
        self.on_hand[self.skus[sku]] += command.delta

    def _of_lot(self, sku: int, delta: int, lot: str) -> tuple[LotUnits, ...]:
        """Units that come to the SKU with lots are of one; those that leave are taken as they expire."""
        if sku != 1 or delta < 0:
            return ()
        expires = FAR.date() if lot == "a" else None
        return (LotUnits(code=lot, quantity=delta, expires_on=expires),)

    @rule(sku=st.integers(0, 1), place=st.sampled_from(PLACES), units=st.integers(1, 4))
    def damage(self, sku: int, place: str, units: int) -> None:
        command = AdjustStock(
            sku_id=self.skus[sku], delta=-units, reason="x", location=place, kind="damage"
        )
        try:
            with transaction.atomic():
                services.adjust_stock(command)
        except InsufficientStock:
            return
        self.on_hand[self.skus[sku]] -= units
        self.damaged[self.skus[sku]] += units

    @rule(sku=st.integers(0, 1), place=st.sampled_from(PLACES), units=st.integers(1, 4))
    def scrap(self, sku: int, place: str, units: int) -> None:
        command = RecordMovement(
            sku_id=self.skus[sku],
            kind="scrap",
            quantity=units,
            damaged=True,
            reason="x",
            location=place,
        )
        try:
            with transaction.atomic():
                services.record_movement(command)
        except InsufficientStock:
            return
        self.damaged[self.skus[sku]] -= units

    @rule(sku=st.integers(0, 1), place=st.sampled_from(PLACES), counted=st.integers(0, 12))
    def count(self, sku: int, place: str, counted: int) -> None:
        before = counts(self.skus[sku])[0]
        services.count_stock([CountStock(sku_id=self.skus[sku], on_hand=counted, location=place)])
        self.on_hand[self.skus[sku]] += counts(self.skus[sku])[0] - before

    @rule(first=st.integers(0, 3), second=st.integers(1, 3), back=st.booleans())
    def send(self, first: int, second: int, back: bool) -> None:
        lines = {sku: n for sku, n in zip(self.skus, (first, second), strict=True) if n}
        source, destination = PLACES[::-1] if back else PLACES
        command = RequestTransfer(
            lines=tuple(StockLine(sku_id=sku, quantity=n) for sku, n in lines.items()),
            source=source,
            destination=destination,
        )
        try:
            with transaction.atomic():
                self.transfers.append(services.send_transfer(command).id)
        except InsufficientStock:
            return
        for sku, units in lines.items():
            self.on_hand[sku] -= units

    @rule(
        pick=st.integers(0, 99), good=st.integers(0, 2), bad=st.integers(0, 1), ends=st.booleans()
    )
    def receive(self, pick: int, good: int, bad: int, ends: bool) -> None:
        if not self.transfers:
            return
        transfer = services.get_transfer(transfer_id=self.transfers[pick % len(self.transfers)])
        sku = transfer.lines[0].sku_id
        command = ReceiveTransfer(
            transfer_id=transfer.id,
            lines=(ArrivedLine(sku_id=sku, received=good, damaged=bad),),
            receipt=str(new_id()),
            complete=ends,
        )
        try:
            with transaction.atomic():
                services.receive_transfer(command)
        except (NotInTransfer, TransferClosed, EmptyStockChange):
            return
        self.on_hand[sku] += good
        self.damaged[sku] += bad

    @rule(pick=st.integers(0, 99))
    def close(self, pick: int) -> None:
        if self.transfers:
            transfer_id = self.transfers[pick % len(self.transfers)]
            services.close_transfer(transfer_id=transfer_id, reason="test")

    @rule(sku=st.integers(0, 1), units=st.integers(1, 5), back=st.booleans())
    def transfer(self, sku: int, units: int, back: bool) -> None:
        source, destination = PLACES[::-1] if back else PLACES
        command = TransferStock(
            sku_id=self.skus[sku], quantity=units, source=source, destination=destination
        )
        try:
            with transaction.atomic():
                services.transfer_stock(command)
        except InsufficientStock:
            return

    @rule(first=st.integers(0, 4), second=st.integers(0, 4))
    def reserve(self, first: int, second: int) -> None:
        lines = {sku: n for sku, n in zip(self.skus, (first, second), strict=True) if n}
        if not lines:
            return
        command = order_of(lines, expires_at=FAR if first % 2 else clock.now())
        before = services.availability(sku_ids=self.skus)
        try:
            with transaction.atomic():
                services.reserve_stock(command)
        except OutOfStock:
            assert any(before[sku].available < units for sku, units in lines.items())
            return
        assert all(before[sku].available >= units for sku, units in lines.items())
        self.orders.append(command.order_id)

    @rule(pick=st.integers(0, 99))
    def confirm(self, pick: int) -> None:
        if self.orders:
            try:
                with transaction.atomic():
                    services.confirm_reservation(
                        order_id=self.orders[pick % len(self.orders)], now=clock.now()
                    )
            except (ReservationClosed, ReservationExpired):
                return

    @rule(pick=st.integers(0, 99))
    def cancel(self, pick: int) -> None:
        if self.orders:
            try:
                with transaction.atomic():
                    services.cancel_reservation(
                        order_id=self.orders[pick % len(self.orders)], reason="test"
                    )
            except ReservationClosed:
                return

    @rule(pick=st.integers(0, 99), units=st.integers(1, 2))
    def ship(self, pick: int, units: int) -> None:
        if not self.orders:
            return
        order_id = self.orders[pick % len(self.orders)]
        held = reading.reservation(order_id=order_id)
        assert held is not None
        sku = held.lines[0].sku_id
        try:
            with transaction.atomic():
                services.ship_stock(
                    order_id=order_id,
                    lines=[StockLine(sku_id=sku, quantity=units)],
                    reference=str(new_id()),
                )
        except (NotAllocated, ReservationClosed):
            return
        self.on_hand[sku] -= units

    @rule()
    def sweep(self) -> None:
        services.expire_reservations()

    @invariant()
    def everything_adds_up(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        audit = services.audit_stock()
        assert audit.clean, audit
        for sku in self.skus:
            on_hand, reserved, allocated = counts(sku)
            assert on_hand == self.on_hand[sku]
            assert services.sku_stock(sku_id=sku).total.damaged == self.damaged[sku]
            assert 0 <= reserved + allocated <= on_hand


@pytest.mark.django_db
def test_random_commands_keep_the_books() -> None:
    run_state_machine_as_test(
        Warehouse,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
