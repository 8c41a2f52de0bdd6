"""A shelf is counted in the admin."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from apps.inventory import services
from apps.inventory.models import AlertRule, CountLine, CountSession, StockHold
from apps.inventory.tests.factories import counts, location, stocked
from apps.inventory.tests.test_admin import office, shelved
from apps.inventory.tests.test_lots import LATER, SOON, left, lot, milk, numbers_at, phone
from apps.inventory.types import CountStock, Tracking
from ecommerce import clock

__all__ = ["office"]
pytestmark = pytest.mark.django_db
URL = "/admin/inventory/countsession"


def started(office: Client, **fields: Any) -> CountSession:
    form = {"location": location().id, "scope": "chosen", "codes": "MUG", "blind": "on"} | fields
    response = office.post(f"{URL}/add/", form)
    assert response.status_code == 302, response.content.decode()
    return CountSession.objects.get()


def saved(office: Client, session: CountSession, **fields: Any) -> Any:
    line = CountLine.objects.get()
    form = {
        "lines-TOTAL_FORMS": 1,
        "lines-INITIAL_FORMS": 1,
        "lines-0-id": line.id,
        "lines-0-session": session.id,
        "_continue": "1",
    }
    values = {f"lines-0-{name}": value for name, value in fields.items()}
    return office.post(f"{URL}/{session.id}/change/", form | values, follow=True)


def tracked(sku: UUID, **by: bool) -> UUID:
    return services.track_sku(Tracking(sku_id=sku, **by)).sku_id


def step(office: Client, session: CountSession, name: str) -> str:
    path = f"/admin/inventory/countsession/{session.id}/{name}/"
    assert office.get(path).status_code == 200
    answer = office.post(path, {"_form_submitted": "on"})
    return office.get(answer.get("HX-Redirect", f"{URL}/{session.id}/change/")).content.decode()


def test_a_shelf_is_counted_decided_on_and_booked(office: Client) -> None:
    mug = shelved("MUG")
    services.receive_stock(sku_id=mug, quantity=10)
    session = started(office, hold_units=3)
    shown = office.get(f"{URL}/{session.id}/change/").content.decode()
    assert "0 of 1 counted" in shown

    assert "1 of 1 counted" in saved(office, session, counted=4).content.decode()
    step(office, session, "review")
    session.refresh_from_db()
    assert (session.status, StockHold.objects.filter(lifted_at=None).count()) == ("REVIEW", 1)
    assert "wait for a decision" in step(office, session, "book")

    saved(office, session, counted=4, decision="accepted")
    assert "The count is booked." in step(office, session, "book")

    assert counts(mug)[0] == 4
    assert CountLine.objects.get().decided_by
    assert not StockHold.objects.filter(lifted_at=None).exists()


def test_lots_are_typed_line_by_line_and_their_differences_shown(office: Client) -> None:
    sku = milk(lot("a", 5, SOON), lot("b", 5, LATER), sku_id=tracked(shelved("MUG"), lots=True))
    session = started(office)
    assert "lot, units" in office.get(f"{URL}/{session.id}/change/").content.decode()
    wrong = saved(office, session, found="a; 3").content.decode()
    assert "“a; 3” cannot be read." in wrong
    assert "add up" in saved(office, session, counted=9).content.decode()

    page = saved(office, session, found="a, 3\nc, 4, 2031-05-01\n").content.decode()
    assert "1 of 1 counted" in page
    assert "a: 3; c: 4" in page
    assert "a: 3 of 5" not in page
    step(office, session, "review")
    shown = office.get(f"{URL}/{session.id}/change/").content.decode()
    assert "a: 3 of 5; b: 0 of 5; c: 4 of 0" in shown
    saved(office, session, counted=7, decision="accepted")
    assert "The count is booked." in step(office, session, "book")
    assert left(sku) == {"a": 3, "c": 4}
    assert "a: 3 of 5" in office.get(f"{URL}/{session.id}/change/").content.decode()


def test_numbers_are_scanned_line_by_line(office: Client) -> None:
    mug = shelved("MUG")
    services.count_stock([CountStock(sku_id=mug, on_hand=0)])
    phone("1", "2", sku_id=tracked(mug, serials=True))
    session = started(office)
    saved(office, session, found="2\n3")
    step(office, session, "review")
    saved(office, session, counted=2, decision="accepted")
    assert "The count is booked." in step(office, session, "book")
    assert numbers_at(mug) == {"2", "3"}


def test_what_cannot_be_counted_is_said(office: Client) -> None:
    location()
    form = {"location": location().id, "scope": "chosen", "codes": "NIL", "blind": "on"}
    assert "Nobody knows NIL." in office.post(f"{URL}/add/", form).content.decode()
    form |= {"codes": ""}
    assert "Name the SKUs to count." in office.post(f"{URL}/add/", form).content.decode()
    form |= {"scope": "full"}
    told = office.post(f"{URL}/add/", form, follow=True).content.decode()
    assert "Nothing is due there" in told


@pytest.mark.parametrize(
    "page",
    ["countsession", "stockhold", "stockcheck", "alertrule", "alertinstance", "alertmessage"],
)
def test_every_list_opens(office: Client, page: str) -> None:
    mug: UUID = stocked(1)
    services.hold_from_sale(sku_id=mug, location="main", reason="odd", actor="ada")
    services.check_stock()
    form = {
        "name": "low", "watch": "low", "threshold": 5, "clear_by": 0, "for_seconds": 0,
        "emails": "ada@shop.example", "webhook_url": "https://hooks.example/x", "active": "on",
    }  # fmt: skip
    assert office.post("/admin/inventory/alertrule/add/", form).status_code == 302
    assert len(AlertRule.objects.get().webhook_secret) == 64
    services.look_at_stock(now=clock.now())
    assert office.get(f"/admin/inventory/{page}/").status_code == 200


def test_a_hold_is_lifted(office: Client) -> None:
    mug = stocked(3)
    services.hold_from_sale(sku_id=mug, location="main", reason="odd", actor="ada")
    hold = StockHold.objects.get()
    form = {"action": "lift", "_selected_action": [str(hold.id)]}
    office.post("/admin/inventory/stockhold/", form)
    assert services.availability(sku_ids=[mug])[mug].available == 3
