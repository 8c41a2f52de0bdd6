"""The back office's first page: what waits of stock, how much, and where."""

from datetime import timedelta
from html import unescape
from re import findall

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.inventory import services
from apps.inventory.models import (
    AlertInstance,
    AlertRule,
    Allocation,
    Backorder,
    CountSession,
    DeviceLetter,
    Discrepancy,
    Inbound,
    InboundLine,
    PurchaseOrder,
    ReplenishmentProposal,
    Reservation,
    StockCheck,
    StockLevel,
    StockTransfer,
    Supplier,
    WarehouseMessage,
    WarehouseTask,
)
from apps.inventory.tests.factories import location, order_of, stocked
from apps.inventory.tests.test_admin import office
from apps.inventory.types import RequestPick
from ecommerce.clock import now
from ecommerce.ids import new_id
from ecommerce.operations.worklist import declared

__all__ = ["office"]
pytestmark = pytest.mark.django_db
STATEMENTS = 3
"""Who asks (session, user), and one for all numbers."""


def everything_waits() -> None:
    """One row of each kind that waits, and beside it one that does not."""
    moment, main, hall = now(), location(), location("hall")
    yesterday, sku = moment - timedelta(days=1), stocked(5)
    rule = AlertRule.objects.create(name="low", watch="low", threshold=1)
    triggered = AlertInstance(rule=rule, sku_id=sku, value=0, since=moment)
    triggered.state, triggered.triggered_at = "TRIGGERED", moment
    AlertInstance.objects.bulk_create(
        [triggered, AlertInstance(rule=rule, sku_id=new_id(), value=0, since=moment)]
    )
    for status, days in (("IN_TRANSIT", 8), ("IN_TRANSIT", 6), ("DISCREPANCY", 8)):
        StockTransfer.objects.create(
            source=main, destination=hall, status=status, shipped_at=moment - timedelta(days=days)
        )
    for differences in ({}, {"levels": {"main": [1, 2]}}):
        StockCheck.objects.create(
            seconds=1, levels=1, movements=1, reservations=1, differences=differences
        )
    over = services.reserve_stock(order_of({sku: 1}))
    Reservation.objects.filter(id=over.id).update(expires_at=yesterday)
    held = services.allocate_stock(order_of({sku: 4}), now=moment)
    held_row = Reservation.objects.get(order_id=held.order_id)
    Allocation.objects.create(reservation=held_row, order_id=held.order_id, status="FAILED")
    Backorder.objects.create(
        reservation=held_row, sku_id=sku, quantity=2, filled=1, promised_at=yesterday
    )
    acme = Supplier.objects.create(code="acme", name="Acme")
    for number, state in (("PO-1", "DRAFT"), ("PO-2", "APPROVED")):
        order = PurchaseOrder.objects.create(
            number=number,
            supplier=acme,
            location=main,
            state=state,
            currency="EUR",
            approved_at=moment,
        )
    late = Inbound.objects.create(number="IN-1", location=main, expected_at=yesterday)
    line = InboundLine.objects.create(inbound=late, sku_id=sku, expected=3)
    for state, at in (("OPEN", None), ("ACCEPTED", moment)):
        Discrepancy.objects.create(line=line, kind="UNDER", units=1, state=state, settled_at=at)
    task = services.request_pick(RequestPick(location="main", order_id=held.order_id), now=moment)
    WarehouseTask.objects.filter(id=task.id).update(
        pending="create", next_try_at=moment, tries=12, status="SENT"
    )
    WarehouseMessage.objects.create(
        location=main, event_id="e", task_id=task.id, sequence=1, report={}, state="failed"
    )
    DeviceLetter.objects.create(topic="iot", payload=b"?", code="x", detail="y")
    for status in ("OPEN", "REVIEW"):
        CountSession.objects.create(location=main, scope="full", status=status)
    services.hold_from_sale(sku_id=sku, location="main", reason="odd", actor="ada")
    for proposed, ordered in (("PROPOSED", None), ("ORDERED", order)):
        ReplenishmentProposal.objects.create(
            sku_id=sku, location=main, supplier=acme, state=proposed, units=1, position=0,
            safety_stock=0, reorder_point=0, order_up_to=0, reasons=[], order=ordered,
        )  # fmt: skip


def numbers(office: Client) -> dict[str, int]:
    """What the first page says, by where it leads."""
    groups = office.get("/admin/").context["groups"]
    return {work["url"]: work["number"] for works in groups.values() for work in works}


def test_each_number_leads_to_its_rows(office: Client) -> None:
    assert set(numbers(office).values()) == {0}

    everything_waits()

    found = numbers(office)
    assert len(found) == len(declared())
    assert set(found.values()) == {1}, found
    page = office.get("/admin/").content.decode()
    assert {unescape(url) for url in findall(r'href="([^"]*\?waiting=[^"]*)"', page)} == set(found)
    for url in found:
        shown = office.get(url)
        assert shown.status_code == 200, url
        assert shown.context["cl"].result_count == 1, url


def test_a_hot_sku_is_not_sold_out_while_its_stripes_have_some(office: Client) -> None:
    mug = stocked(5)
    services.set_counting(sku_id=mug, counting="striped")
    services.reserve_stock(order_of({mug: 2}))

    assert StockLevel.objects.filter(reserved=5).count() == 1, "as the level alone has it"
    assert numbers(office)["/admin/inventory/stocklevel/?waiting=sold-out"] == 0
    (level,) = office.get("/admin/inventory/stocklevel/").context["cl"].result_list
    assert level.on_stripes == 3
    services.reserve_stock(order_of({mug: 3}))
    assert numbers(office)["/admin/inventory/stocklevel/?waiting=sold-out"] == 1


def test_all_numbers_cost_one_statement(
    office: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(STATEMENTS):
        office.get("/admin/")
    everything_waits()
    with django_assert_num_queries(STATEMENTS):
        office.get("/admin/")


def merchandiser(client: Client) -> Client:
    user = get_user_model().objects.create(
        email="m@shop.example", roles=["merchandiser"], created_at=now(), updated_at=now()
    )
    client.force_login(user)
    return client


def test_a_merchandiser_is_told_of_what_a_merchandiser_may_open(client: Client) -> None:
    everything_waits()
    shown = merchandiser(client).get("/admin/").content.decode()
    assert "/admin/inventory/discrepancy/" in shown
    for others in ("warehousetask", "reservation", "allocation", "devicemessage"):
        assert f"/admin/inventory/{others}/" not in shown


def test_who_may_not_see_stock_is_told_nothing_of_it(
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    everything_waits()
    monkeypatch.setattr("apps.accounts.domain.backoffice.SINGLE", {})
    merchandiser(client)
    with django_assert_num_queries(STATEMENTS - 1):
        shown = client.get("/admin/").content.decode()
    assert "Nothing here waits for you" in shown
    assert "/admin/inventory/" not in shown
    assert "/admin/catalog/product/" in shown
