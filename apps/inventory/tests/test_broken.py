"""Units that come broken: they lie in the house until they are settled, and every cent of them is somewhere."""

from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from apps.inventory import services
from apps.inventory.errors import (
    CostBelowZero,
    DiscrepancySettled,
    InboundRefused,
    InboundUnclear,
    InsufficientStock,
    PurchaseRefused,
)
from apps.inventory.models import Discrepancy, StockLevel, StockMovement
from apps.inventory.tests.factories import counts, location, order_of
from apps.inventory.tests.test_purchasing import BUYER, announced, receive, sent, settle, worth
from apps.inventory.types import (
    AdjustStock,
    AnnounceInbound,
    ExpectedItem,
    ExtraCost,
    Inbound,
    SaveSupplier,
    StockLine,
)
from ecommerce.clock import now
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _acme() -> None:
    location()
    services.save_supplier(SaveSupplier(code="acme", name="Acme", currency="EUR"))


def damaged(sku: UUID) -> int:
    return sum(StockLevel.objects.filter(sku_id=sku).values_list("damaged", flat=True))


def broken_of(sku: UUID, *, good: int = 3, broken: int = 2) -> UUID:
    """The difference of a delivery of five at a euro, of which some came broken."""
    inbound = receive(announced(sent({sku: (good + broken, 100)})), {sku: (good, broken)})
    (found,) = inbound.discrepancies
    return found.id


def told(sku: UUID) -> list[tuple[str, int, int, str]]:
    rows = StockMovement.objects.filter(sku_id=sku).order_by("version")
    return list(rows.values_list("kind", "delta", "damaged_delta", "reason"))


def test_broken_units_lie_in_the_house_and_on_the_ledger_and_are_no_value() -> None:
    mug = new_id()
    broken_of(mug)
    assert (counts(mug)[0], damaged(mug)) == (3, 2)
    assert told(mug) == [("receipt", 3, 0, "received"), ("receipt", 0, 2, "received broken")]
    value = worth(mug)
    assert (value.cost_minor, value.bought_minor, value.claimed_minor) == (300, 300, 200)
    assert services.audit_stock().clean


@pytest.mark.parametrize(
    ("how", "disposal", "left", "last", "money"),
    [
        ("accept", "", 0, ("scrap", 0, -2, "scrapped"), (0, 200)),
        ("accept", "scrap", 0, ("scrap", 0, -2, "scrapped"), (0, 200)),
        ("accept", "keep", 2, ("receipt", 0, 2, "received broken"), (0, 200)),
        ("accept", "return", 0, ("adjustment", 0, -2, "returned to the supplier"), (0, 200)),
        ("credit", "", 0, ("adjustment", 0, -2, "returned to the supplier"), (150, 50)),
        ("credit", "scrap", 0, ("scrap", 0, -2, "scrapped"), (150, 50)),
        ("credit", "keep", 2, ("receipt", 0, 2, "received broken"), (150, 50)),
    ],
)
def test_settling_says_what_becomes_of_the_units_and_of_their_cost(
    how: str, disposal: str, left: int, last: tuple[str, int, int, str], money: tuple[int, int]
) -> None:
    mug = new_id()
    found = broken_of(mug)
    more = {"credit_minor": 150} if how == "credit" else {}
    before = now()

    first = settle(found, how, disposal=disposal, **more)
    assert settle(found, how, disposal=disposal, **more) == first

    assert (counts(mug)[0], damaged(mug)) == (3, left)
    assert told(mug)[-1] == last
    value = worth(mug)
    assert (value.cost_minor, value.claimed_minor, value.lost_minor) == (300, 0, 0)
    assert (value.credited_minor, value.written_off_minor) == money
    assert worth(mug, since=now()).written_off_minor == 0
    assert worth(mug, since=before).units == 3
    with pytest.raises(DiscrepancySettled):
        settle(found, how, disposal="return" if left else "keep", **more)
    assert services.audit_stock().clean


@pytest.mark.django_db(transaction=True)
def test_what_was_claimed_last_month_stays_claimed_then() -> None:
    mug = new_id()
    found = broken_of(mug)
    then = now()
    settle(found, "credit", credit_minor=120)
    assert worth(mug, at=then).claimed_minor == 200
    assert worth(mug, known_at=then).claimed_minor == 200
    after = worth(mug)
    assert (after.claimed_minor, after.credited_minor, after.written_off_minor) == (0, 120, 80)


def test_only_broken_units_become_something() -> None:
    mug = new_id()
    inbound = receive(announced(sent({mug: (5, 100)})), {mug: (6, 0)})
    with pytest.raises(InboundUnclear):
        settle(inbound.discrepancies[0].id, "accept", disposal="scrap")


def test_what_was_scrapped_by_hand_can_only_be_kept_and_is_told_of_meanwhile() -> None:
    mug = new_id()
    found = broken_of(mug)
    services.adjust_stock(
        AdjustStock(sku_id=mug, delta=0, damaged_delta=-1, kind="scrap", reason="leaking")
    )
    assert services.audit_stock().off["broken and there"] == {f"{mug}@main": (1, 2)}
    with pytest.raises(InsufficientStock), transaction.atomic():
        settle(found, "credit", credit_minor=1)
    settle(found, "credit", credit_minor=1, disposal="keep")
    assert damaged(mug) == 1
    assert services.audit_stock().clean


def test_a_difference_that_the_ledger_does_not_bear_out_is_found() -> None:
    mug = new_id()
    found = broken_of(mug)
    Discrepancy.objects.filter(id=found).update(in_house=1, cost_minor=150)
    off = services.audit_stock().off
    assert off["broken"] == {f"{mug}@main": (1, 2)}
    assert off["claimed"] == {f"{mug}@main": (200, 150)}


def test_what_was_counted_again_and_was_whole_may_come_broken_again() -> None:
    mug = new_id()
    inbound = announced(sent({mug: (5, 100)}))
    (first,) = receive(inbound, {mug: (0, 2)}).discrepancies
    settle(first.id, "recount", counted=0)
    assert (counts(mug)[0], damaged(mug), worth(mug).cost_minor) == (2, 0, 200)

    after = receive(inbound, {mug: (0, 2)})

    assert [d.units for d in after.discrepancies if d.state == "OPEN"] == [2]
    assert damaged(mug) == 2
    assert services.audit_stock().clean


def test_where_all_that_came_was_broken_the_freight_is_written_off_with_it() -> None:
    mug = new_id()
    order = sent({mug: (4, 100)}, costs=(ExtraCost(kind="freight", amount_minor=1001),))
    inbound = receive(announced(order), {mug: (0, 3)}, final=True)
    found = {d.kind: d.id for d in inbound.discrepancies}
    settle(found["UNDER"], "accept")
    settle(found["DAMAGED"], "accept")
    value = worth(mug)
    assert (value.bought_minor, value.claimed_minor, value.written_off_minor) == (0, 0, 1301)


def test_units_of_which_nobody_said_the_cost_claim_nothing() -> None:
    mug = new_id()
    inbound = services.create_inbound(
        AnnounceInbound(items=(ExpectedItem(sku_id=mug, units=3),)), now=now()
    )
    (found,) = receive(inbound, {mug: (1, 2)}).discrepancies
    settle(found.id, "recount", counted=1)
    settle(found.id, "credit", credit_minor=70)
    value = worth(mug)
    assert (counts(mug)[0], damaged(mug), value.unknown_units) == (2, 0, 2)
    assert (value.credited_minor, value.written_off_minor) == (70, -70)
    assert services.audit_stock().clean


def test_no_more_is_credited_than_broken_or_missing_units_cost() -> None:
    mug = new_id()
    freight = ExtraCost(kind="freight", amount_minor=50, split="quantity")
    inbound = announced(sent({mug: (5, 100)}, costs=(freight,)))
    came = receive(inbound, {mug: (2, 2)}, final=True)
    costs: dict[str, int] = {"DAMAGED": 220, "UNDER": 110}
    for difference in came.discrepancies:
        found, cost = difference.id, costs[difference.kind]
        with pytest.raises(CostBelowZero), transaction.atomic():
            settle(found, "credit", credit_minor=cost + 1)
        assert settle(found, "credit", credit_minor=cost).credit_minor == cost


class Dock(RuleBasedStateMachine):
    """Deliveries of one SKU, received in parts and settled in every way while it sells; a plain model beside."""

    def __init__(self) -> None:
        super().__init__()
        location()
        services.save_supplier(SaveSupplier(code="acme", name="Acme", currency="EUR"))
        self.sku = new_id()
        self.inbounds: list[UUID] = []
        self.orders: dict[UUID, tuple[int, int, int]] = {}
        self.on_hand = self.damaged = self.credits = self.credits_of_over = 0

    @rule(units=st.integers(1, 9), each=st.integers(0, 999), freight=st.integers(0, 500))
    def buy(self, units: int, each: int, freight: int) -> None:
        costs = (ExtraCost(kind="freight", amount_minor=freight, split="quantity"),)
        order = sent({self.sku: (units, each)}, costs=costs if freight else ())
        self.orders[order.id] = (units, each, freight)
        self.inbounds.append(announced(order).id)

    @rule(pick=st.integers(0, 99))
    def announce_more(self, pick: int) -> None:
        if not self.orders:
            return
        order_id = list(self.orders)[pick % len(self.orders)]
        items = (ExpectedItem(sku_id=self.sku, units=1 + pick % 3),)
        try:
            with transaction.atomic():
                made = services.create_inbound(
                    AnnounceInbound(order_id=order_id, items=items), now=now()
                )
        except PurchaseRefused:
            return
        self.inbounds.append(made.id)

    @rule(
        pick=st.integers(0, 99), good=st.integers(0, 4), bad=st.integers(0, 3), ends=st.booleans()
    )
    def unload(self, pick: int, good: int, bad: int, ends: bool) -> None:
        if not self.inbounds:
            return
        inbound = services.get_inbound(inbound_id=self.inbounds[pick % len(self.inbounds)])
        key = str(new_id())
        try:
            with transaction.atomic():
                for _repeat in range(2):
                    receive(inbound, {self.sku: (good, bad)}, key=key, final=ends)
        except (InboundRefused, InboundUnclear, PurchaseRefused):
            return
        self.on_hand += good
        self.damaged += bad

    @rule(
        pick=st.integers(0, 99),
        how=st.sampled_from(("accept", "credit")),
        disposal=st.sampled_from(("", "scrap", "return", "keep")),
        credit=st.integers(1, 300),
    )
    def end(self, pick: int, how: str, disposal: str, credit: int) -> None:
        row = self._open(pick)
        if row is None:
            return
        broken = row.kind == "DAMAGED"
        more = {"credit_minor": credit} if how == "credit" else {}
        try:
            with transaction.atomic():
                for _repeat in range(2):
                    settle(row.id, how, disposal=disposal if broken else "", **more)
        except CostBelowZero:
            return
        if broken and disposal != "keep":
            self.damaged -= row.units
        if broken and how == "credit":
            self.credits += credit
        elif row.kind == "OVER" and how == "credit":
            self.credits_of_over += credit

    @rule(pick=st.integers(0, 99), counted=st.integers(0, 5))
    def count_again(self, pick: int, counted: int) -> None:
        row = self._open(pick)
        if row is None:
            return
        try:
            with transaction.atomic():
                settle(row.id, "recount", counted=counted)
        except (InsufficientStock, InboundUnclear):
            return
        more = counted - row.units
        if row.kind == "DAMAGED":
            self.damaged += more
        self.on_hand += more if row.kind == "OVER" else -more

    @rule(pick=st.integers(0, 99))
    def close_short(self, pick: int) -> None:
        if not self.orders:
            return
        order_id = list(self.orders)[pick % len(self.orders)]
        try:
            with transaction.atomic():
                services.close_purchase_order(
                    order_id=order_id, reason="enough", viewer=BUYER, now=now()
                )
        except PurchaseRefused:
            return

    @rule(units=st.integers(1, 3))
    def sell(self, units: int) -> None:
        if counts(self.sku)[0] < units:
            return
        command = order_of({self.sku: units})
        services.reserve_stock(command)
        services.confirm_reservation(order_id=command.order_id, now=now())
        lines = [StockLine(sku_id=self.sku, quantity=units)]
        services.ship_stock(order_id=command.order_id, lines=lines)
        self.on_hand -= units

    def _open(self, pick: int) -> Discrepancy | None:
        rows = Discrepancy.objects.filter(state="OPEN", line__sku_id=self.sku).order_by("id")
        return rows[pick % len(rows)] if rows else None

    def _paid(self) -> int:
        """What the orders' goods cost by what came of them, and the freight that it bears."""
        paid = 0
        for order_id, (ordered, each, freight) in self.orders.items():
            order = services.get_purchase_order(order_id=order_id)
            (line,) = order.lines
            came = line.received + line.damaged
            paid += each * came
            if order.state == "CLOSED":
                paid += freight if self._ever_came(order_id) else 0
            else:
                paid += freight * min(came, ordered) // ordered
        return paid

    def _ever_came(self, order_id: UUID) -> bool:
        inbounds = StockMovement.objects.filter(kind="receipt").values_list("reference", flat=True)
        of_order = {str(i.id) for i in map(self._inbound, self.inbounds) if i.order_id == order_id}
        return bool(of_order & set(inbounds))

    def _inbound(self, inbound_id: UUID) -> Inbound:
        return services.get_inbound(inbound_id=inbound_id)

    @invariant()
    def every_unit_and_every_cent_is_somewhere(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        audit = services.audit_stock()
        assert audit.clean, audit.off
        assert (counts(self.sku)[0], damaged(self.sku)) == (self.on_hand, self.damaged)
        assert self.damaged >= 0
        if not StockLevel.objects.filter(sku_id=self.sku).exists():
            return
        paid = self._paid()
        for method in ("fifo", "average"):
            value = worth(self.sku, method=method)
            gone = value.sold_minor + value.lost_minor
            assert value.units == self.on_hand
            assert value.bought_minor + value.assumed_minor == value.cost_minor + gone
            broken = value.claimed_minor + value.credited_minor + value.written_off_minor
            assert value.bought_minor + self.credits_of_over + broken == paid
            assert value.credited_minor == self.credits
            assert value.claimed_minor >= 0


def test_whatever_comes_and_is_settled_no_unit_and_no_cent_is_lost() -> None:
    run_state_machine_as_test(
        Dock,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
