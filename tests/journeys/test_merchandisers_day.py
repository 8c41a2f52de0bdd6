"""A merchandiser's day in the back office, in a real browser: receive, count, buy, correct, look at alerts."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from launcher import demo
from proving.shop import LiveShop
from tests.browser import MISSING, PROGRAM, BackOffice, back_office

pytestmark = [
    pytest.mark.live,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(PROGRAM is None, reason=MISSING),
]
_SOLD_FOUR_A_DAY = """
    INSERT INTO inventory_dailydemand (sku_id, location_id, day, units)
    SELECT '{sku}', l.id, (now() AT TIME ZONE 'UTC')::date - n, 3 + n % 3
    FROM inventory_location l, generate_series(1, 200) n WHERE l.code = 'main'
"""


@pytest.fixture(scope="module")
def shop(live_shop: LiveShop) -> LiveShop:
    """A merchandiser, an operator, a web server, a worker; a supplier."""
    live_shop.seed("staff", "merchandiser", demo.MERCHANDISER, demo.PASSWORD)
    live_shop.seed("staff", "operator", demo.OPERATOR, demo.PASSWORD)
    live_shop.seed("goods", "0")
    live_shop.start_web()
    live_shop.start_worker()
    return live_shop


@pytest.fixture(scope="module")
def api(shop: LiveShop) -> Iterator[httpx.Client]:
    """The operator over REST."""
    with httpx.Client(base_url=f"{shop.urls[0]}/api/v1", timeout=20) as client:
        said = {"email": demo.OPERATOR, "password": demo.PASSWORD}
        token = client.post("/auth/login", json=said).raise_for_status().json()["accessToken"]
        client.headers["Authorization"] = f"Bearer {token}"
        acme = {"code": "acme", "name": "Acme Wares", "email": "orders@acme.example"}
        client.post("/inventory/suppliers", json=acme).raise_for_status()
        yield client


@pytest.fixture
def office(shop: LiveShop) -> Iterator[BackOffice]:
    """The merchandiser's browser. Nothing may go wrong on any page: no error, no refused script, no lost file."""
    with back_office(shop.urls[0], email=demo.MERCHANDISER, password=demo.PASSWORD) as office:
        yield office
        assert office.problems == []


def stock(api: httpx.Client, code: str) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/inventory/{code}").raise_for_status().json()
    return found


def test_a_delivery_comes_short_and_broken(
    shop: LiveShop, api: httpx.Client, office: BackOffice
) -> None:
    mug = shop.seed("goods", "5")["code"]
    office.open("purchaseorder/add/")
    page = office.page
    page.select_option("select[name=supplier]", label="Acme Wares (acme)")
    page.select_option("select[name=location]", index=1)
    page.get_by_role("link", name="Add another Line").click()
    page.fill("input[name=lines-0-sku_id]", mug)
    page.fill("input[name=lines-0-ordered]", "10")
    page.fill("input[name=lines-0-unit_cost_minor]", "2.50")
    page.get_by_role("link", name="Add another Other cost").click()
    page.select_option("select[name=costs-0-kind]", "freight")
    page.fill("input[name=costs-0-amount_minor]", "4.95")
    office.save()
    office.sees("was added successfully")
    assert page.input_value("input[name=lines-0-sku_id]") == mug
    assert page.input_value("input[name=lines-0-unit_cost_minor]") == "2.50"

    office.press("Approve")
    office.sees("is APPROVED now", "2.50 EUR", "4.95 EUR", demo.MERCHANDISER)
    office.press("Send by mail")
    office.sees("is SENT now")
    office.press("Announce a delivery")
    office.sees("is announced", mug)

    dialog = office.ask("Receive")
    dialog.get_by_label(f"{mug}: good").fill("7")
    dialog.get_by_label(f"{mug}: broken").fill("1")
    dialog.get_by_label("Nothing more will come").check()
    office.say_yes("Receive")
    office.sees("is RECEIVED now, 2 to settle below")
    assert stock(api, mug)["onHand"] == 12

    delivery = page.url
    office.follow("2 UNDER (OPEN)")
    office.press("Accept")
    office.sees("2 UNDER: ACCEPTED now.")
    office.follow("IN-")
    assert page.url == delivery
    office.follow("1 DAMAGED (OPEN)")
    dialog = office.ask("Credit")
    dialog.get_by_label("Credit in EUR").fill("2.50")
    office.say_yes("Credit")
    office.sees("1 DAMAGED: CREDITED now.", "2.50 EUR")
    (order,) = api.get("/inventory/purchase-orders").json()["results"]
    (line,) = order["lines"]
    assert (order["state"], line["received"], line["damaged"]) == ("CLOSED", 7, 1)
    assert stock(api, mug)["onHand"] == 12
    office.open("purchaseorder/")
    office.sees("25.00 EUR", "CLOSED")


def test_a_shelf_is_counted(shop: LiveShop, api: httpx.Client, office: BackOffice) -> None:
    mug, cup = (shop.seed("goods", units)["code"] for units in ("20", "8"))
    office.open("countsession/add/")
    page = office.page
    page.select_option("select[name=location]", index=1)
    page.select_option("select[name=scope]", "chosen")
    page.fill("textarea[name=codes]", f"{mug}\n{cup}")
    page.fill("input[name=hold_units]", "5")
    office.save()
    office.sees("0 of 2 counted", mug, cup)

    for noted, (code, units) in enumerate(((mug, "9"), (cup, "8")), 1):
        row = page.locator("tr", has_text=code)
        row.locator("input[name$=-counted]").fill(units)
        office.save()
        office.sees(f"{noted} of 2 counted")
    office.press("The counts are in")
    office.sees("The count is in review.", "11 units missing", "-11")
    assert stock(api, mug)["onHand"] == 20
    assert stock(api, mug)["available"] == 0, "held from sale until somebody decides"

    page.locator("tr", has_text=mug).locator("select[name$=-decision]").select_option("accepted")
    office.save()
    office.press("Book the differences")
    office.sees("The count is booked.")
    assert (stock(api, mug)["available"], stock(api, cup)["onHand"]) == (9, 8)

    office.open(f"stocklevel/?q={mug}")
    office.follow(mug)
    office.sees("-11", "count", demo.MERCHANDISER)


def test_a_proposal_becomes_an_order(shop: LiveShop, api: httpx.Client, office: BackOffice) -> None:
    goods = shop.seed("goods", "20")
    code = goods["code"]
    cost = {"amount": 275, "currency": "EUR"}
    terms = {"items": [{"skuId": code, "unitCost": cost, "packUnits": 12}]}
    api.put("/inventory/suppliers/acme/terms", json=terms).raise_for_status()
    shop.execute(_SOLD_FOUR_A_DAY.format(sku=goods["skuId"]))
    shop.manage("forecast_demand")
    made = api.post("/inventory/replenishment-proposals", json={"skuIds": [code]})
    (proposal,) = made.raise_for_status().json()["results"]

    office.open("replenishmentproposal/")
    office.follow(code)
    office.sees("safety", "Acme Wares", str(proposal["quantity"]))
    office.press("Order")
    office.sees("Drafted PO-", "Ordered")
    office.follow("PO-")
    assert office.page.input_value("input[name=lines-0-sku_id]") == code
    office.press("Approve")
    office.sees("is APPROVED now", code, "2.75 EUR")
    (order,) = api.get("/inventory/purchase-orders?state=APPROVED").json()["results"]
    assert order["lines"][0]["ordered"] == proposal["quantity"]

    office.open("demandforecast/")
    office.follow(code)
    assert office.charts() == [{"sold": 90, "forecast": 90}]
    office.open(f"stocklevel/?q={code}")
    office.follow(code)
    assert office.charts() == [{"on hand": 90}, {"sold": 90, "forecast": 90}]


def test_a_level_is_corrected_and_an_alert_follows(
    shop: LiveShop, api: httpx.Client, office: BackOffice
) -> None:
    mug = shop.seed("goods", "12")["code"]
    office.open("alertrule/add/")
    page = office.page
    page.fill("input[name=name]", "Mugs run low")
    page.select_option("select[name=watch]", "low")
    page.fill("input[name=threshold]", "5")
    page.fill("input[name=sku_id]", mug)
    office.save("Save")
    office.sees("Mugs run low", mug)

    office.open(f"stocklevel/?q={mug}")
    office.follow(mug)
    dialog = office.ask("Adjust")
    dialog.get_by_label("Units, as +3 or -2").fill("-9")
    dialog.get_by_label("Reason").fill("Fell off the trolley")
    office.say_yes("Adjust")
    office.sees("3 on hand now", "Fell off the trolley", demo.MERCHANDISER)
    assert stock(api, mug)["onHand"] == 3

    shop.settle()
    office.start()
    office.follow("Alerts that go on")
    office.sees("Mugs run low", mug, "Triggered")
