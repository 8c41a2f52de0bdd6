"""A process is killed at each named place of a purchase; afterwards nothing is lost or done twice."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from proving.books import findings
from proving.buyer import Buyer
from proving.shop import ROOT, LiveShop

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]

FORWARD = (
    "checkout.in_place",
    "checkout.after_place",
    "checkout.after_authorize",
    "checkout.in_confirm",
    "checkout.after_confirm",
    "checkout.after_capture",
    "checkout.in_complete",
    "checkout.after_complete",
)
"""The places that every purchase passes, in order."""
BACKWARD = ("checkout.after_give_back", "checkout.in_compensate", "checkout.after_compensate")
"""The places of one that is undone after its authorization: the bank refuses the capture."""
CAPTURE_DECLINED = "tok_capture_declined"
WHOLE = bool(os.environ.get("SHOP_WHOLE_FAULTS"))
"""``SHOP_WHOLE_FAULTS=1 scripts/test tests/faults``; by default takers-over and undoers die at one place only."""


@pytest.fixture(scope="module")
def shop(live_shop: LiveShop) -> Iterator[LiveShop]:
    live_shop.start_web()
    yield live_shop
    live_shop.drop_webs()


def test_every_place_in_the_code_is_among_those_tried() -> None:
    reached = {
        place
        for file in (ROOT / "apps").rglob("*.py")
        if "tests" not in file.parts
        for place in re.findall(r'\breach\("(checkout\.[a-z_.]+)"\)', file.read_text())
    }

    assert reached == {*FORWARD, *BACKWARD}


@pytest.mark.parametrize("place", FORWARD)
def test_a_web_server_killed_while_buying(shop: LiveShop, place: str, tmp_path: Path) -> None:
    buyer = buyer_of(shop, units=5)
    kill_while_confirming(shop, buyer, place, tmp_path)

    shop.settle()

    before = buyer.status()["status"]
    assert before == ("OPEN" if place == "checkout.in_place" else "COMPLETED")
    assert buyer.confirm().status_code == 200, "the buyer presses the same button again"
    shop.settle()
    assert (
        shop.one("SELECT count(*) FROM orders_order WHERE checkout_id = %s", [buyer.checkout_id])
        == 1
    )
    assert findings(shop) == {}


@pytest.mark.parametrize("place", BACKWARD if WHOLE else BACKWARD[1:2])
def test_a_web_server_killed_while_undoing(shop: LiveShop, place: str, tmp_path: Path) -> None:
    buyer = buyer_of(shop, units=5, card=CAPTURE_DECLINED)
    kill_while_confirming(shop, buyer, place, tmp_path)

    shop.settle()

    assert buyer.status()["status"] in {"OPEN", "FAILED"}
    assert findings(shop) == {}


@pytest.mark.parametrize("place", FORWARD[2:] if WHOLE else FORWARD[5:6])
def test_the_worker_that_takes_over_is_killed_too(
    shop: LiveShop, place: str, tmp_path: Path
) -> None:
    buyer = buyer_of(shop, units=5)
    kill_while_confirming(shop, buyer, "checkout.after_place", tmp_path)
    shop.leases_run_out()

    died = shop.try_seed("resumed", SHOP_FAULT=place)

    assert died.returncode == -9
    shop.settle()
    assert buyer.status()["status"] == "COMPLETED"
    assert findings(shop) == {}


def test_an_answer_that_is_lost_after_charging_charges_once(shop: LiveShop) -> None:
    buyer = buyer_of(shop, units=5, card="tok_lost_answer")
    before = shop.sandbox.succeeded("authorize")

    assert buyer.confirm().status_code in {200, 202}

    shop.settle()
    assert buyer.status()["status"] == "COMPLETED"
    assert shop.sandbox.succeeded("authorize") - before == 1
    assert findings(shop) == {}


def test_a_declined_card_leaves_nothing_behind_and_another_card_buys(shop: LiveShop) -> None:
    buyer = buyer_of(shop, units=1, card="tok_declined")

    refusal = buyer.confirm()
    again = buyer.request(
        "POST", f"/checkout/{buyer.checkout_id}/confirm", {"paymentMethod": "tok_visa"}
    )

    assert refusal.json()["declineCode"] == "card_declined"
    assert again.status_code == 200
    shop.settle()
    assert findings(shop) == {}


def buyer_of(shop: LiveShop, *, units: int, card: str = "tok_visa") -> Buyer:
    goods = shop.seed("goods", str(units))
    buyer = Buyer(url=shop.urls[0], card=card)
    buyer.start(goods["skuId"])
    return buyer


def kill_while_confirming(shop: LiveShop, buyer: Buyer, place: str, tmp_path: Path) -> None:
    """Confirm at a web server that kills itself there; the buyer sees the connection break."""
    first = len(shop.webs)
    mark = tmp_path / "killed"
    shop.start_web(SHOP_FAULT=place, SHOP_FAULT_ONCE=str(mark))
    try:
        with pytest.raises(httpx.TransportError):
            buyer.confirm(url=shop.urls[first])
        assert mark.exists()
    finally:
        shop.drop_webs(first)
