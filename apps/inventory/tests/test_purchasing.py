"""Buying: an order is written, approved, mailed, received in parts, and its differences settled."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from apps.inventory import services, tasks
from apps.inventory.errors import (
    ApproverIsAuthor,
    CostBelowZero,
    DiscrepancySettled,
    InboundRefused,
    InboundUnclear,
    InsufficientStock,
    PurchaseRefused,
    PurchaseUnclear,
    SupplierExists,
)
from apps.inventory.models import (
    CostEntry,
    CostLayer,
    OrderMail,
    PurchaseOrder,
    StockMovement,
    SupplierTerm,
)
from apps.inventory.tests.factories import counts, location, order_of, stocked
from apps.inventory.types import (
    AnnounceInbound,
    ArrivedItem,
    ArrivedLine,
    DraftOrder,
    ExpectedItem,
    ExtraCost,
    Inbound,
    OrderItem,
    ReceiveInbound,
    ReceiveTransfer,
    RequestTransfer,
    SaveSupplier,
    SettleDiscrepancy,
    StockLine,
    StockValue,
    Term,
    TransferStock,
    ValueStock,
)
from apps.inventory.types import PurchaseOrder as Order
from ecommerce.clock import now
from ecommerce.events.testing import published
from ecommerce.identity import Viewer
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db
BUYER = Viewer(user_id=new_id(), roles=frozenset({"operator"}))


@pytest.fixture(autouse=True)
def _acme() -> None:
    location()
    services.save_supplier(
        SaveSupplier(code="acme", name="Acme", email="orders@acme.example", currency="EUR")
    )


def drafted(lines: dict[UUID, tuple[int, int]], **fields: Any) -> Order:
    """An order of (units, unit cost) per SKU."""
    items = tuple(
        OrderItem(sku_id=sku, units=units, unit_cost_minor=cost)
        for sku, (units, cost) in lines.items()
    )
    return services.draft_purchase_order(
        DraftOrder(**{"supplier": "acme", "items": items, **fields})
    )


def sent(lines: dict[UUID, tuple[int, int]], **fields: Any) -> Order:
    """Likewise, on its way."""
    order = drafted(lines, **fields)
    services.approve_purchase_order(order_id=order.id, viewer=BUYER, now=now())
    return services.send_purchase_order(order_id=order.id, viewer=BUYER, now=now(), by_hand=True)


def announced(order: Order, units: dict[UUID, int] | None = None) -> Inbound:
    """A delivery of so many units per SKU, or of all that is outstanding."""
    items = tuple(ExpectedItem(sku_id=sku, units=n) for sku, n in (units or {}).items())
    return services.create_inbound(AnnounceInbound(order_id=order.id, items=items), now=now())


def receive(
    inbound: Inbound,
    items: dict[UUID, tuple[int, int]],
    *,
    key: str = "",
    final: bool = False,
    occurred_at: datetime | None = None,
) -> Inbound:
    """Unload (good, broken) units per SKU."""
    command = ReceiveInbound(
        inbound_id=inbound.id,
        key=key or str(new_id()),
        items=tuple(
            ArrivedItem(sku_id=sku, received=good, damaged=broken)
            for sku, (good, broken) in items.items()
        ),
        occurred_at=occurred_at or now(),
        final=final,
    )
    return services.receive_inbound(command, now=now())


def layers() -> list[tuple[int, int]]:
    """(units, cost) of every layer, in the order of their making."""
    found = []
    for layer in CostLayer.objects.order_by("recorded_at", "movement_id"):
        amounts = CostEntry.objects.filter(layer=layer).values_list("amount_minor", flat=True)
        found.append((layer.units, sum(amounts)))
    return found


def worth(sku: UUID, **how: Any) -> StockValue:
    command = ValueStock(**{"at": now(), "known_at": now(), **how})
    (value,) = services.value_skus(command, sku_ids=[sku])
    return value


def test_an_order_goes_its_way_and_is_mailed_once() -> None:
    mug = new_id()
    services.save_terms(
        supplier="acme", terms=[Term(sku_id=mug, unit_cost_minor=250, supplier_sku="A-1")]
    )
    order = services.draft_purchase_order(
        DraftOrder(supplier="acme", items=(OrderItem(sku_id=mug, units=10),))
    )
    assert (order.state, order.total_minor) == ("DRAFT", 2500)

    for _ in range(2):
        services.approve_purchase_order(order_id=order.id, viewer=BUYER, now=now())
    for _ in range(2):
        services.send_purchase_order(order_id=order.id, viewer=BUYER, now=now())
    assert (tasks.mail_purchase_orders(), tasks.mail_purchase_orders()) == (1, 0)

    (message,) = mail.outbox
    assert message.to == ["orders@acme.example"]
    assert order.number in message.subject
    name, content, _ = message.attachments[0]
    rows = list(csv.reader(io.StringIO(content)))
    assert (name, rows[1]) == (f"{order.number}.csv", [str(mug), "A-1", "10", "2.50", "EUR"])
    after = services.get_purchase_order(order_id=order.id)
    assert after.state == "SENT"
    assert after.mailed_at is not None


def test_a_mail_that_did_not_go_out_is_tried_again(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    order = drafted({new_id(): (1, 100)})
    services.approve_purchase_order(order_id=order.id, viewer=BUYER, now=now())
    services.send_purchase_order(order_id=order.id, viewer=BUYER, now=now())

    assert services.mail_purchase_orders(now=now()) == 0
    waiting = OrderMail.objects.get(order_id=order.id)
    assert (waiting.attempts, waiting.delivered_at) == (1, None)
    assert "ConnectionRefused" in waiting.error
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert services.mail_purchase_orders(now=now()) == 0
    assert services.mail_purchase_orders(now=now() + timedelta(hours=1)) == 1
    assert len(mail.outbox) == 1


def test_steps_out_of_turn_are_refused_and_change_nothing() -> None:
    order = drafted({new_id(): (1, 100)})
    with pytest.raises(PurchaseRefused), transaction.atomic():
        services.send_purchase_order(order_id=order.id, viewer=BUYER, now=now())
    with pytest.raises(PurchaseRefused), transaction.atomic():
        services.close_purchase_order(order_id=order.id, reason="", viewer=BUYER, now=now())
    with pytest.raises(PurchaseRefused):
        announced(order)
    assert services.get_purchase_order(order_id=order.id) == order
    with pytest.raises(IntegrityError, match="does not go"), transaction.atomic():
        PurchaseOrder.objects.filter(id=order.id).update(state="CLOSED", approved_at=now())


def test_four_eyes_are_wanted_where_the_shop_says_so(settings: Any) -> None:
    settings.PURCHASE_FOUR_EYES = True
    order = drafted({new_id(): (1, 100)}, author=str(BUYER.user_id))
    with pytest.raises(ApproverIsAuthor), transaction.atomic():
        services.approve_purchase_order(order_id=order.id, viewer=BUYER, now=now())
    other = Viewer(user_id=new_id(), roles=frozenset({"operator"}))
    approved = services.approve_purchase_order(order_id=order.id, viewer=other, now=now())
    assert approved.approved_by == str(other.user_id)


def test_what_the_supplier_does_not_sell_is_not_ordered() -> None:
    mug, tea = new_id(), new_id()
    term = Term(sku_id=mug, unit_cost_minor=5, minimum_units=12, pack_units=6)
    services.save_terms(supplier="acme", terms=[term])
    for items in (
        (),
        (OrderItem(sku_id=mug, units=6),),
        (OrderItem(sku_id=mug, units=13),),
        (OrderItem(sku_id=tea, units=1),),
        (OrderItem(sku_id=mug, units=12), OrderItem(sku_id=mug, units=12)),
    ):
        with pytest.raises(PurchaseUnclear):
            services.draft_purchase_order(DraftOrder(supplier="acme", items=items))
    assert not PurchaseOrder.objects.exists()


def test_a_cancelled_order_takes_its_announced_delivery_along() -> None:
    order = sent({new_id(): (5, 100)})
    inbound = announced(order)
    services.cancel_purchase_order(order_id=order.id, reason="no", viewer=BUYER, now=now())
    assert services.get_inbound(inbound_id=inbound.id).state == "CANCELLED"
    assert services.audit_stock().clean
    with pytest.raises(InboundRefused):
        receive(inbound, {})


def test_a_delivery_in_two_parts_closes_its_order_and_lands_every_cent() -> None:
    mug, tea = new_id(), new_id()
    order = sent(
        {mug: (7, 333), tea: (3, 1000)},
        costs=(
            ExtraCost(kind="freight", amount_minor=1000, split="quantity"),
            ExtraCost(kind="duty", amount_minor=101),
        ),
    )
    inbound = announced(order)

    part = receive(inbound, {mug: (4, 0), tea: (3, 0)})
    assert (part.state, part.discrepancies) == ("PARTIALLY_RECEIVED", ())
    assert services.get_purchase_order(order_id=order.id).state == "PARTIALLY_RECEIVED"
    rest = receive(inbound, {mug: (3, 0)})

    assert rest.state == "RECEIVED"
    assert services.get_purchase_order(order_id=order.id).state == "CLOSED"
    assert (counts(mug), counts(tea)) == ((7, 0, 0), (3, 0, 0))
    assert sum(cost for _, cost in layers()) == 7 * 333 + 3 * 1000 + 1000 + 101
    assert worth(mug).cost_minor + worth(tea).cost_minor == 6432
    told = published("ecommerce.inventory.inbound.received.v1")
    assert [event.payload["complete"] for event in told] == [False, True]
    assert services.audit_stock().clean


def test_an_unloading_is_booked_once_per_key() -> None:
    mug = new_id()
    inbound = announced(sent({mug: (5, 100)}))
    first = receive(inbound, {mug: (2, 1)}, key="one")
    assert receive(inbound, {mug: (2, 1)}, key="one") == first
    assert counts(mug) == (2, 0, 0)
    assert len(first.discrepancies) == 1


def test_a_delivery_announced_twice_is_one() -> None:
    order = sent({new_id(): (5, 100)})
    command = AnnounceInbound(order_id=order.id, reference="ASN-7")
    first = services.create_inbound(command, now=now())
    assert services.create_inbound(command, now=now()) == first
    assert len(published("ecommerce.inventory.inbound.created.v1")) == 1


def test_no_more_is_announced_of_an_order_than_is_outstanding_of_it() -> None:
    mug, tea = new_id(), new_id()
    order = sent({mug: (10, 100), tea: (5, 100)})
    first = announced(order, {mug: 4})
    with pytest.raises(PurchaseRefused), transaction.atomic():
        announced(order, {mug: 7})
    rest = announced(order)
    assert {line.sku_id: line.expected for line in rest.lines} == {mug: 6, tea: 5}
    with pytest.raises(PurchaseRefused), transaction.atomic():
        announced(order)
    assert services.availability(sku_ids=[mug])[mug].incoming == 10

    receive(first, {mug: (1, 0)}, final=True)
    services.cancel_inbound(inbound_id=rest.id, now=now())

    again = announced(order)
    assert {line.sku_id: line.expected for line in again.lines} == {mug: 9, tea: 5}


def test_an_order_of_which_all_came_expects_nothing_of_its_other_deliveries() -> None:
    mug, tea = new_id(), new_id()
    order = sent({mug: (10, 100), tea: (10, 100)})
    whole = announced(order, {mug: 4, tea: 5})
    begun = announced(order, {mug: 3, tea: 5})
    never = announced(order)
    receive(begun, {mug: (1, 0)})
    receive(whole, {mug: (9, 0), tea: (10, 0)})

    assert services.get_purchase_order(order_id=order.id).state == "CLOSED"
    states = [services.get_inbound(inbound_id=one.id).state for one in (whole, begun, never)]
    assert states == ["RECEIVED", "PARTIALLY_RECEIVED", "CANCELLED"]
    known = services.availability(sku_ids=[mug, tea])
    assert (known[mug].incoming, known[tea].incoming) == (0, 0)
    receive(begun, {mug: (1, 0)}, final=True)
    assert (counts(mug), counts(tea)) == ((11, 0, 0), (10, 0, 0))
    assert services.audit_stock().clean


def test_over_under_and_damaged_are_noted_and_settled() -> None:
    mug, tea, jam = new_id(), new_id(), new_id()
    order = sent({mug: (5, 100), tea: (5, 100), jam: (5, 100)})
    inbound = receive(announced(order), {mug: (7, 0), tea: (3, 0), jam: (3, 2)}, final=True)
    found = {(d.sku_id, d.kind): d for d in inbound.discrepancies}
    assert {key: d.units for key, d in found.items()} == {
        (mug, "OVER"): 2,
        (tea, "UNDER"): 2,
        (jam, "DAMAGED"): 2,
    }
    assert found[jam, "DAMAGED"].cost_minor == 200
    assert services.get_purchase_order(order_id=order.id).state == "PARTIALLY_RECEIVED"

    settle(found[mug, "OVER"].id, "credit", credit_minor=150)
    settle(found[tea, "UNDER"].id, "accept")
    settle(found[jam, "DAMAGED"].id, "credit", credit_minor=200)

    done = services.get_purchase_order(order_id=order.id)
    assert done.state == "CLOSED"
    assert [line.cancelled for line in done.lines] == [0, 2, 0]
    assert worth(mug).cost_minor == 550
    assert worth(jam).cost_minor == 300
    states = [e.payload["state"] for e in published("ecommerce.inventory.inbound.adjusted.v1")]
    assert states == ["OPEN"] * 3 + ["CREDITED", "ACCEPTED", "CREDITED"]


def settle(discrepancy_id: UUID, how: Any, **more: Any) -> Any:
    return services.settle_discrepancy(
        SettleDiscrepancy(discrepancy_id=discrepancy_id, how=how, **more), now=now()
    )


def test_levels_expect_what_is_announced_and_no_longer_what_came_or_never_will() -> None:
    mug, tea = new_id(), new_id()

    def expected() -> tuple[int, int]:
        known = services.availability(sku_ids=[mug, tea])
        assert services.audit_stock().clean
        return known[mug].incoming, known[tea].incoming

    order = sent({mug: (5, 100), tea: (5, 100)})
    inbound = announced(order)
    assert expected() == (5, 5)
    receive(inbound, {mug: (2, 1)})
    assert expected() == (2, 5)
    receive(inbound, {mug: (4, 0)})
    assert expected() == (0, 5)
    receive(inbound, {tea: (1, 0)}, final=True)
    assert expected() == (0, 0)

    second = services.create_inbound(
        AnnounceInbound(items=(ExpectedItem(sku_id=mug, units=3),), location="main"), now=now()
    )
    assert expected() == (3, 0)
    services.cancel_inbound(inbound_id=second.id, now=now())
    services.cancel_inbound(inbound_id=second.id, now=now())
    assert expected() == (0, 0)


@pytest.mark.parametrize(
    ("how", "first", "second"),
    [
        ("recount", {"counted": 0}, {"counted": 3}),
        ("credit", {"credit_minor": 20}, {"credit_minor": 21}),
    ],
)
def test_another_number_is_no_repeat(
    how: str, first: dict[str, int], second: dict[str, int]
) -> None:
    mug = new_id()
    (over,) = receive(announced(sent({mug: (5, 100)})), {mug: (7, 0)}).discrepancies
    assert settle(over.id, how, **first) == settle(over.id, how, **first)
    with pytest.raises(DiscrepancySettled):
        settle(over.id, how, **second)


def test_a_settled_difference_is_settled_once() -> None:
    mug = new_id()
    inbound = receive(announced(sent({mug: (5, 100)})), {mug: (6, 0)})
    (over,) = inbound.discrepancies
    assert settle(over.id, "accept") == settle(over.id, "accept")
    with pytest.raises(DiscrepancySettled):
        settle(over.id, "recount", counted=0)
    (other,) = receive(announced(sent({mug: (1, 9)})), {mug: (2, 0)}).discrepancies
    with pytest.raises(CostBelowZero), transaction.atomic():
        settle(other.id, "credit", credit_minor=19)


@pytest.mark.parametrize(
    ("good", "broken", "kind", "counted", "on_hand", "claimed"),
    [
        (7, 0, "OVER", 0, 5, 0),
        (7, 0, "OVER", 3, 8, 0),
        (3, 0, "UNDER", 0, 5, 0),
        (3, 0, "UNDER", 3, 2, 0),
        (3, 2, "DAMAGED", 0, 5, 0),
        (3, 2, "DAMAGED", 3, 2, 300),
    ],
)
def test_counting_again_puts_stock_and_cost_right(
    good: int, broken: int, kind: str, counted: int, on_hand: int, claimed: int
) -> None:
    mug = new_id()
    order = sent({mug: (5, 100)})
    inbound = receive(announced(order), {mug: (good, broken)}, final=True)
    (found,) = inbound.discrepancies
    assert found.kind == kind

    after = settle(found.id, "recount", counted=counted)

    assert after.state == ("OPEN" if counted else "RECOUNTED")
    assert counts(mug) == (on_hand, 0, 0)
    value = worth(mug)
    assert (value.units, value.cost_minor, value.claimed_minor) == (on_hand, on_hand * 100, claimed)
    assert value.lost_minor == 0
    assert settle(found.id, "recount", counted=counted).units == after.units
    assert counts(mug) == (on_hand, 0, 0)


def test_units_that_never_came_but_were_sold_are_not_counted_away() -> None:
    mug = new_id()
    (over,) = receive(announced(sent({mug: (1, 100)})), {mug: (3, 0)}).discrepancies
    services.reserve_stock(order_of({mug: 3}))
    with pytest.raises(InsufficientStock), transaction.atomic():
        settle(over.id, "recount", counted=0)
    assert services.get_inbound(inbound_id=over.inbound_id).discrepancies == (over,)


def test_closing_short_has_what_came_bear_all_freight() -> None:
    mug = new_id()
    order = sent({mug: (10, 100)}, costs=(ExtraCost(kind="freight", amount_minor=1001),))
    receive(announced(order), {mug: (3, 0)}, final=True)
    assert worth(mug).cost_minor == 300 + 300
    services.close_purchase_order(order_id=order.id, reason="sold out", viewer=BUYER, now=now())
    assert worth(mug).cost_minor == 300 + 1001


def test_another_currency_is_booked_at_the_orders_rate() -> None:
    services.save_supplier(SaveSupplier(code="us", name="US", currency="USD"))
    mug = new_id()
    order = sent({mug: (3, 333)}, supplier="us", exchange_rate=Decimal("0.9137"))
    assert order.currency == "USD"
    inbound = announced(order)
    for _ in range(3):
        receive(inbound, {mug: (1, 0)})
    assert worth(mug).cost_minor == 913  # 9.99 USD at 0.9137


def test_goods_without_an_order_are_received_at_the_cost_that_was_said() -> None:
    mug, tea = new_id(), new_id()
    inbound = services.create_inbound(
        AnnounceInbound(
            items=(ExpectedItem(sku_id=mug, units=2, unit_cost_minor=70),), supplier="acme"
        ),
        now=now(),
    )
    receive(inbound, {mug: (2, 0), tea: (1, 0)})
    assert worth(mug).cost_minor == 140
    assert (worth(tea).cost_minor, worth(tea).unknown_units) == (0, 1)
    (movement,) = StockMovement.objects.filter(sku_id=tea)
    for _ in range(2):
        services.record_cost(movement_id=movement.id, amount_minor=90, idempotency_key="bill")
    assert (worth(tea).cost_minor, worth(tea).unknown_units) == (90, 0)
    with pytest.raises(CostBelowZero):
        services.record_cost(movement_id=movement.id, amount_minor=-91)


def test_nothing_is_received_in_the_future_or_long_ago_or_below_nought() -> None:
    mug = new_id()
    inbound = announced(sent({mug: (5, 100)}))
    with pytest.raises(InboundUnclear):
        receive(inbound, {mug: (1, 0)}, occurred_at=now() + timedelta(days=1))
    for long_ago in (datetime(1, 1, 1, tzinfo=UTC), now() - timedelta(days=400)):
        with pytest.raises(InboundUnclear):
            receive(inbound, {mug: (1, 0)}, occurred_at=long_ago)
    with pytest.raises(InboundUnclear):
        receive(inbound, {mug: (-1, 2)})
    with pytest.raises(InboundUnclear):
        receive(inbound, {})
    assert counts(mug) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_late_receipt_values_anew_and_what_was_known_stays_known() -> None:
    """Transactions of their own, since the ledger's times are theirs."""
    mug = new_id()
    first = announced(sent({mug: (10, 100)}))
    second = announced(sent({mug: (10, 200)}))
    receive(second, {mug: (10, 0)})
    held = services.reserve_stock(order_of({mug: 5}))
    services.confirm_reservation(order_id=held.order_id, now=now())
    services.ship_stock(order_id=held.order_id, lines=[StockLine(sku_id=mug, quantity=5)])
    before = now()
    assert (worth(mug).sold_minor, worth(mug).cost_minor) == (1000, 1000)

    receive(first, {mug: (10, 0)}, occurred_at=before - timedelta(days=2))

    yesterday = worth(mug, at=before - timedelta(days=1))
    assert (yesterday.units, yesterday.cost_minor) == (10, 1000)
    assert worth(mug, at=before - timedelta(days=1), known_at=before).units == 0
    assert worth(mug, known_at=before).sold_minor == 1000
    assert (worth(mug).sold_minor, worth(mug).cost_minor) == (500, 2500)
    (cost,) = services.cost_of_order(order_id=held.order_id, method="fifo", now=now())
    assert (cost.units, cost.cost_minor) == (5, 500)
    average = worth(mug, method="average")
    assert (average.sold_minor, average.cost_minor) == (750, 2250)


def test_stock_is_valued_per_location_and_in_pages() -> None:
    location("north")
    mug, tea = sorted((new_id(), new_id()))
    receive(announced(sent({mug: (4, 100), tea: (1, 50)})), {mug: (4, 0), tea: (1, 0)})
    services.transfer_stock(
        TransferStock(sku_id=mug, quantity=3, source="main", destination="north")
    )
    stocked(2)
    command = ValueStock(at=now(), known_at=now())

    first, more = services.value_page(command, after=None, limit=1)
    everything = list(services.value_all(command))

    assert more
    assert first == tuple(everything[:1])
    of_mug = next(value for value in everything if value.sku_id == mug)
    places = {p.location: (p.units, p.cost_minor) for p in of_mug.places}
    assert places == {"main": (1, 100), "north": (3, 300)}
    assert sum(value.units for value in everything) == 7
    assert sum(value.unknown_units for value in everything) == 2


def test_sizes_that_no_column_holds_are_refused() -> None:
    mug = new_id()
    with pytest.raises(PurchaseUnclear):
        drafted({mug: (1_000_000_000, 2**40)})
    inbound = services.create_inbound(
        AnnounceInbound(items=(ExpectedItem(sku_id=mug, units=1, unit_cost_minor=2**40),)),
        now=now(),
    )
    with pytest.raises(InboundUnclear):
        receive(inbound, {mug: (1_000_000_000, 0)})
    with pytest.raises(InboundUnclear):
        receive(inbound, {new_id(): (2**31, 0)})


def test_the_preferred_supplier_of_a_sku_is_one() -> None:
    mug = new_id()
    services.save_supplier(SaveSupplier(code="bolt", name="Bolt"))
    for code in ("acme", "bolt"):
        services.save_terms(
            supplier=code, terms=[Term(sku_id=mug, unit_cost_minor=1, preferred=True)]
        )
    preferred = SupplierTerm.objects.filter(sku_id=mug, preferred=True)
    assert [term.supplier.code for term in preferred] == ["bolt"]
    with pytest.raises(SupplierExists):
        services.create_supplier(SaveSupplier(code="bolt", name="Another"))
    assert services.get_supplier(code="bolt").name == "Bolt"


@pytest.mark.parametrize("good", [8, 0])
def test_what_breaks_on_the_way_is_lost_and_not_in_transit_for_ever(good: int) -> None:
    mug = new_id()
    receive(announced(sent({mug: (10, 100)})), {mug: (10, 0)})
    location("north")
    line = StockLine(sku_id=mug, quantity=10)
    travels = services.send_transfer(
        RequestTransfer(lines=(line,), source="main", destination="north")
    )
    came = ArrivedLine(sku_id=mug, received=good, damaged=10 - good)
    services.receive_transfer(ReceiveTransfer(transfer_id=travels.id, lines=(came,), receipt="one"))

    value = worth(mug)
    assert (value.units, value.cost_minor) == (good, 100 * good)
    assert (value.in_transit_units, value.in_transit_minor) == (0, 0)
    assert (value.lost_units, value.lost_minor) == (10 - good, 100 * (10 - good))


def test_what_a_recount_put_right_does_not_hide_what_breaks_later() -> None:
    mug = new_id()
    delivery = announced(sent({mug: (10, 100)}))
    (found,) = receive(delivery, {mug: (2, 2)}).discrepancies
    services.settle_discrepancy(
        SettleDiscrepancy(discrepancy_id=found.id, how="recount", counted=0), now=now()
    )

    came = receive(delivery, {mug: (2, 2)})

    told = [(one.state, one.units) for one in came.discrepancies]
    assert told == [("RECOUNTED", 2), ("OPEN", 2)]


def test_what_a_recount_finds_of_a_closed_order_bears_no_cost_twice() -> None:
    mug = new_id()
    freight = ExtraCost(kind="freight", amount_minor=50, split="quantity")
    order = sent({mug: (10, 100)}, costs=(freight,))
    (found,) = receive(announced(order), {mug: (8, 0)}, final=True).discrepancies
    services.close_purchase_order(order_id=order.id, reason="", viewer=BUYER, now=now())
    assert layers() == [(8, 850)]

    services.settle_discrepancy(
        SettleDiscrepancy(discrepancy_id=found.id, how="recount", counted=0), now=now()
    )

    assert layers() == [(8, 850), (2, 200)]


def test_units_that_a_recount_took_away_bear_their_costs_once_when_they_come() -> None:
    mug = new_id()
    freight = ExtraCost(kind="freight", amount_minor=101, split="quantity")
    order = sent({mug: (10, 100)}, costs=(freight,))
    (over,) = receive(announced(order, {mug: 3}), {mug: (5, 0)}, final=True).discrepancies
    settle(over.id, "recount", counted=0)
    assert worth(mug).cost_minor == 300 + 30
    receive(announced(order), {mug: (7, 0)})
    value = worth(mug)
    assert (value.units, value.cost_minor, value.lost_minor) == (10, 1101, 0)


def test_an_order_that_was_called_off_is_not_mailed_any_more() -> None:
    order = drafted({new_id(): (10, 100)})
    services.approve_purchase_order(order_id=order.id, viewer=BUYER, now=now())
    services.send_purchase_order(order_id=order.id, viewer=BUYER, now=now())
    services.cancel_purchase_order(order_id=order.id, reason="", viewer=BUYER, now=now())
    assert tasks.mail_purchase_orders() == 0
    assert not mail.outbox
