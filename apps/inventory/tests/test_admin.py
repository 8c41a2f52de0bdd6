"""The back office: every list opens, stock is corrected by the service."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.catalog import services as catalog
from apps.catalog.types import ProductFields, SkuFields
from apps.inventory import services
from apps.inventory.models import RoutingPolicy, StockHold, StockLevel, StockMovement
from apps.inventory.queries.history import daily_on_hand
from apps.inventory.tests.factories import counts, location, order_of, stocked
from apps.inventory.types import (
    AdjustStock,
    AllocateOrder,
    LotUnits,
    RequestPick,
    Tracking,
)
from ecommerce.clock import now
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client) -> Client:
    user = get_user_model().objects.create_superuser(email="boss@example.com", password="x")
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    "page",
    [
        "location", "stocklevel", "stockmovement", "reservation", "stocktransfer", "lot", "serial",
        "skutracking", "stockpolicy", "kitcomponent", "backorder",
        "warehousetask", "warehousemessage", "warehousefile", "stockcomparison",
        "allocation", "routingpolicy",
    ],
)  # fmt: skip
def test_every_list_opens(office: Client, page: str) -> None:
    services.track_sku(Tracking(sku_id=stocked(1), lots=True))
    services.reserve_stock(order_of({stocked(5): 2}))
    assert office.get(f"/admin/inventory/{page}/").status_code == 200


def shelved(code: str) -> UUID:
    """A SKU that the catalog has, with stock."""
    product = catalog.create_product(
        ProductFields(title=f"The {code}"), now=now(), skus=[SkuFields(code=code)]
    )
    return stocked(5, sku_id=product.skus[0].sku_id)


@pytest.mark.parametrize("page", ["stocklevel", "stockmovement"])
def test_skus_are_shown_and_found_as_people_know_them(office: Client, page: str) -> None:
    shelved("MUG")
    shelved("TEA")
    unknown = stocked(1)

    everything = office.get(f"/admin/inventory/{page}/").content.decode()
    found = office.get(f"/admin/inventory/{page}/?q=MUG").content.decode()
    by_id = office.get(f"/admin/inventory/{page}/?q={unknown}").content.decode()

    for told in ("MUG", "The MUG", "TEA", "The TEA", str(unknown)):
        assert told in everything
    assert "The MUG" in found
    assert "The TEA" not in found
    assert office.get(f"/admin/inventory/{page}/?q=neither").status_code == 200
    assert str(unknown) in by_id
    assert "The TEA" not in by_id


def cost(office: Client, page: str) -> int:
    """The statements that a list takes."""
    with CaptureQueriesContext(connection) as asked:
        assert office.get(f"/admin/inventory/{page}/").status_code == 200
    return len(asked)


@pytest.mark.parametrize("page", ["stocklevel", "stockmovement"])
def test_a_list_costs_the_same_however_long_it_is(office: Client, page: str) -> None:
    shelved("MUG")
    cost(office, page)
    with_one = cost(office, page)
    for number in range(5):
        shelved(f"CUP-{number}")

    assert cost(office, page) == with_one


def test_a_reservation_leads_to_its_order_and_names_what_it_holds(office: Client) -> None:
    held = services.reserve_stock(order_of({shelved("MUG"): 2, shelved("TEA"): 1}))

    listed = office.get("/admin/inventory/reservation/").content.decode()
    shown = office.get(f"/admin/inventory/reservation/{held.id}/change/").content.decode()

    assert f"/admin/orders/order/{held.order_id}/change/" in listed
    assert "The MUG" in shown
    assert "The TEA" in shown


def test_a_level_is_adjusted_with_a_reason(office: Client) -> None:
    mug = stocked(5)
    level = StockLevel.objects.get(sku_id=mug)
    assert office.get(f"/admin/inventory/stocklevel/{level.id}/change/").status_code == 200
    office.post(
        f"/admin/inventory/stocklevel/{level.id}/adjust/",
        {"delta": "-2", "reason": "broken", "_form_submitted": "on"},
    )
    assert counts(mug) == (3, 0, 0)
    assert StockMovement.objects.get(delta=-2).reason == "broken"


def test_an_adjustment_that_cannot_be_is_refused_in_words(office: Client) -> None:
    level = StockLevel.objects.get(sku_id=stocked(5))
    form = {"delta": "999999999999", "reason": "found", "_form_submitted": "on"}

    office.post(f"/admin/inventory/stocklevel/{level.id}/adjust/", form)
    shown = office.get(f"/admin/inventory/stocklevel/{level.id}/change/").content.decode()
    gone = office.post(f"/admin/inventory/stocklevel/{new_id()}/adjust/", form)

    assert "two billion" in shown
    assert (gone.status_code, counts(level.sku_id)) == (404, (5, 0, 0))


def test_a_reservation_is_released(office: Client) -> None:
    mug = stocked(5)
    held = services.reserve_stock(order_of({mug: 2}))
    office.post(
        "/admin/inventory/reservation/",
        {"action": "release", "_selected_action": [str(held.id)]},
    )
    assert counts(mug) == (5, 0, 0)


def test_a_policy_is_said_in_the_admin_and_counted_on_stripes(office: Client) -> None:
    mug = shelved("MUG")
    form = {"sku_id": "MUG", "oversell": "backorder", "oversell_limit": 3, "safety_buffer": 0}
    assert office.post("/admin/inventory/stockpolicy/add/", form).status_code == 302
    services.reserve_stock(order_of({mug: 7}))

    page = f"/admin/inventory/stockpolicy/{mug}/change/"
    assert office.get(page).status_code == 200
    refused = office.post(page, {**form, "oversell_limit": 1})
    assert "2 are backordered already." in refused.content.decode()
    action = {"action": "count_on_stripes", "_selected_action": [str(mug)]}
    assert office.post("/admin/inventory/stockpolicy/", action).status_code == 302
    policy = services.stock_policy(sku_id=mug)
    assert (policy.oversell_limit, policy.backordered, policy.counting) == (3, 2, "striped")


def test_a_level_tells_its_last_movements_and_its_lots(office: Client) -> None:
    mug = shelved("MUG")
    services.track_sku(Tracking(sku_id=mug, lots=True))
    for number in range(21):
        services.adjust_stock(
            AdjustStock(
                sku_id=mug,
                delta=1,
                reason=f"found <{number}>",
                lots=(LotUnits(code="L-1", quantity=1, expires_on=date(2100, 1, 31)),),
            )
        )
    level = StockLevel.objects.get(sku_id=mug)

    shown = office.get(f"/admin/inventory/stocklevel/{level.id}/change/").content.decode()

    assert "found &lt;20&gt;" in shown
    assert "found &lt;1&gt;" in shown
    assert "found &lt;0&gt;" not in shown
    assert "2100-01-31" in shown
    assert "UNKNOWN" in shown


def test_warehouses_are_run_from_the_back_office(office: Client) -> None:
    place = location("hall")
    form = {
        "code": "hall", "name": "Hall", "kind": "warehouse", "country": "DE", "priority": 10,
        "active": "on", "warehouse_system": "sandbox", "parcel_cost_minor": "4.90",
        "parcel_cost_abroad_minor": "9.90", "lead_days": 1, "latitude": 52.5, "longitude": 13.4,
    }  # fmt: skip
    url = f"/admin/inventory/location/{place.id}/change/"
    for refused in ({"longitude": ""}, {"parcel_cost_minor": "4.905"}, {"parcel_cost_minor": "-1"}):
        assert office.post(url, form | refused).status_code == 200, "half a place, half a cent"
    assert office.post(url, form).status_code == 302
    place.refresh_from_db()
    assert (place.parcel_cost_minor, place.parcel_cost_abroad_minor) == (490, 990)
    assert 'value="4.90"' in office.get(url).content.decode()
    order = order_of({stocked(5, at="hall"): 2})
    services.allocate_stock(order, now=now())
    made = services.allocate_order(AllocateOrder(order_id=order.order_id), now=now())
    task = services.request_pick(RequestPick(location="hall", order_id=order.order_id), now=now())

    page = office.get(f"/admin/inventory/allocation/{made.id}/change/").content.decode()
    assert "2 from hall" in page
    assert "no policy for this channel" in page
    call_off = reverse("admin:inventory_warehousetask_call_off", args=[task.id])
    office.get(call_off)
    assert services.get_task(task_id=task.id).status == "REQUESTED", "a link presses no button"
    office.post(call_off, {"_form_submitted": "on"})
    assert services.get_task(task_id=task.id).status == "CANCELLED"


def test_a_changed_policy_has_another_version(office: Client) -> None:
    rules = {
        "rules-TOTAL_FORMS": 1, "rules-INITIAL_FORMS": 0, "rules-0-location": location("hall").id,
        "rules-0-effect": "exclude", "rules-0-country": "DE",
    }  # fmt: skip
    form = {"channel": "", "objective": "cost", "active": "on", **rules}
    assert office.post("/admin/inventory/routingpolicy/add/", form).status_code == 302
    policy = RoutingPolicy.objects.get()
    rule = {
        "rules-INITIAL_FORMS": 1,
        "rules-0-id": policy.rules.get().id,
        "rules-0-policy": policy.id,
    }
    url = f"/admin/inventory/routingpolicy/{policy.id}/change/"
    assert office.post(url, form | rule | {"objective": "splits"}).status_code == 302
    policy.refresh_from_db()
    assert (policy.objective, policy.version) == ("splits", 2)


def test_a_level_shows_ninety_days_by_the_ledger() -> None:
    mug = stocked(5)
    services.adjust_stock(AdjustStock(sku_id=mug, delta=-2, reason="broken"))
    level = StockLevel.objects.get(sku_id=mug)
    today = now().date()

    days = daily_on_hand(mug, level.location_id, days=3, until=today + timedelta(days=1))

    assert days == {
        today - timedelta(days=1): 0,
        today: 3,
        today + timedelta(days=1): 3,
    }


def test_who_did_it_is_shown_by_name(office: Client) -> None:
    mug = shelved("MUG")
    boss = get_user_model().objects.get()
    services.adjust_stock(AdjustStock(sku_id=mug, delta=1, reason="found", actor=str(boss.pk)))
    level = StockLevel.objects.get(sku_id=mug)
    entry = StockMovement.objects.get(reason="found")
    services.hold_from_sale(sku_id=mug, location="main", reason="odd", actor=str(boss.pk))
    services.let_be_sold(sku_id=mug, location="main", actor=str(boss.pk), now=now())
    hold = StockHold.objects.get()
    for page in (
        "stockmovement/", f"stockmovement/{entry.id}/change/", f"stocklevel/{level.id}/change/",
        "stockhold/", f"stockhold/{hold.id}/change/",
    ):  # fmt: skip
        shown = office.get(f"/admin/inventory/{page}").content.decode()
        assert shown.count("boss@example.com") > 1 + (page == "stockmovement/"), (
            "not only the menu's"
        )
        assert str(boss.pk) not in shown.split("<main", 1)[-1]
