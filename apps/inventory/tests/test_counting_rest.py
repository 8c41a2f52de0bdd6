"""Counts through the public door."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from apps.catalog import services as catalog
from apps.inventory import services
from apps.inventory.tests.factories import counts, location, stocked
from apps.inventory.tests.test_lots import LATER, SOON, left, lot, milk, phone
from apps.inventory.types import AdjustStock, Tracking
from ecommerce.identity import Viewer
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db
URL = "/api/v1/inventory/reconciliations"


@pytest.fixture
def operator(api: Any) -> Any:
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"operator"})))
    return api


@pytest.fixture
def mug(monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A SKU with the code MUG of which ten are on hand; the catalog knows it and no other."""
    sku_id = stocked(10)
    known = SimpleNamespace(id=sku_id, code="MUG", seller="acme")
    monkeypatch.setattr(
        catalog,
        "find_skus",
        lambda *, ids=(), codes=(): {sku_id: known} if sku_id in ids or "MUG" in codes else {},
    )
    return sku_id


def test_a_count_from_the_list_to_the_ledger(operator: Any, mug: UUID) -> None:
    body = {"locationId": "main", "skuIds": ["MUG"], "holdPercent": 10}
    count = operator.json_of("POST", URL, body, status=201)
    at = f"{URL}/{count['reconciliationId']}"
    assert (count["status"], count["lines"], count["blind"]) == ("OPEN", 1, True)
    (line,) = operator.json_of("GET", f"{at}/lines", status=200)["results"]
    assert "expected" not in line

    found = {"counts": [{"skuId": "MUG", "counted": 7}]}
    operator.json_of("POST", f"{at}/counts", found, status=200)
    assert operator.json_of("POST", f"{at}/review", {}, status=200)["held"] == 1
    (line,) = operator.json_of("GET", f"{at}/lines?varying=true", status=200)["results"]
    assert (line["expected"], line["counted"], line["variance"]) == (10, 7, -3)
    assert operator.json_of("POST", f"{at}/apply", {}, status=409)["code"] == (
        "inventory/count-undecided"
    )
    yes = {"decisions": [{"skuId": "MUG", "decision": "accepted"}]}
    operator.json_of("POST", f"{at}/decisions", yes, status=200)
    done = operator.json_of("POST", f"{at}/apply", {}, status=200)

    assert (done["booked"], done["reconciliation"]["status"]) == (1, "APPLIED")
    assert counts(mug)[0] == 7
    listed = operator.json_of("GET", f"{URL}?status=APPLIED&location=main", status=200)["results"]
    assert [one["reconciliationId"] for one in listed] == [count["reconciliationId"]]
    assert operator.json_of("GET", at, status=200)["unitsMissing"] == 3
    operator.json_of("POST", f"{at}/cancel", {}, status=409)


def test_counts_may_come_along(operator: Any, mug: UUID) -> None:
    body = {"locationId": "main", "counts": [{"skuId": "MUG", "counted": 10}]}
    assert operator.json_of("POST", URL, body, status=201)["counted"] == 1


def test_an_open_blind_count_does_not_tell_what_is_expected(operator: Any, mug: UUID) -> None:
    body = {"locationId": "main", "counts": [{"skuId": "MUG", "counted": 0}]}
    count = operator.json_of("POST", URL, body, status=201)
    at = f"{URL}/{count['reconciliationId']}"
    telling = ("withVariance", "undecided", "unitsMissing", "unitsFound")

    for told in (count, operator.json_of("GET", at, status=200)):
        assert [told[name] for name in telling] == [None] * 4
    (line,) = operator.json_of("GET", f"{at}/lines?varying=true", status=200)["results"]
    assert not {"expected", "variance", "swapped"} & set(line)
    reviewed = operator.json_of("POST", f"{at}/review", {}, status=200)
    assert [reviewed[name] for name in telling] == [1, 1, 10, 0]


def test_lots_and_numbers_are_counted_and_reported(operator: Any, mug: UUID) -> None:
    services.adjust_stock(AdjustStock(sku_id=mug, delta=-10, reason="gone", kind="scrap"))
    services.track_sku(Tracking(sku_id=mug, lots=True))
    milk(lot("a", 5, SOON), lot("b", 5, LATER), sku_id=mug)
    count = operator.json_of("POST", URL, {"locationId": "main", "skuIds": ["MUG"]}, status=201)
    at = f"{URL}/{count['reconciliationId']}"
    (line,) = operator.json_of("GET", f"{at}/lines", status=200)["results"]
    assert (line["tracksLots"], line["tracksSerials"]) == (True, False)
    bare = {"counts": [{"skuId": "MUG", "counted": 9}]}
    refused = operator.json_of("POST", f"{at}/counts", bare, status=409)
    assert refused["code"] == "inventory/lot-required"

    new = {"lotId": "c", "quantity": 4, "expiresOn": str(SOON)}
    found = {"counts": [{"skuId": "MUG", "lots": [{"lotId": "a", "quantity": 3}, new]}]}
    operator.json_of("POST", f"{at}/counts", found, status=200)
    seen = operator.json_of("GET", f"{at}/units?varying=true", status=200)["results"]
    assert [(one["lotId"], one["counted"]) for one in seen] == [("a", 3), ("c", 4)]
    assert not any("expected" in one for one in seen)

    operator.json_of("POST", f"{at}/review", {}, status=200)
    report = operator.json_of("GET", f"{at}/units?varying=true", status=200)["results"]
    assert [(one["lotId"], one["expected"], one["counted"], one["variance"]) for one in report] == [
        ("a", 5, 3, -2), ("b", 5, 0, -5), ("c", 0, 4, 4),
    ]  # fmt: skip
    (line,) = operator.json_of("GET", f"{at}/lines", status=200)["results"]
    assert (line["variance"], line["swapped"]) == (-3, 4)
    yes = {"decisions": [{"skuId": "MUG", "decision": "accepted"}]}
    operator.json_of("POST", f"{at}/decisions", yes, status=200)
    operator.json_of("POST", f"{at}/apply", {}, status=200)
    assert left(mug) == {"a": 3, "c": 4}
    report = operator.json_of("GET", f"{at}/units?varying=true", status=200)["results"]
    assert all(one["movementId"] for one in report)


def test_numbers_are_scanned(operator: Any, mug: UUID) -> None:
    services.adjust_stock(AdjustStock(sku_id=mug, delta=-10, reason="gone", kind="scrap"))
    phone("1", "2", lots=(lot("a", 2),), sku_id=mug)
    body = {
        "locationId": "main",
        "counts": [
            {
                "skuId": "MUG",
                "serials": ["2"],
                "lots": [{"lotId": "b", "quantity": 1, "serials": ["3"]}],
            }
        ],
    }
    count = operator.json_of("POST", URL, body, status=201)
    operator.json_of("POST", f"{URL}/{count['reconciliationId']}/review", {}, status=200)
    at = f"{URL}/{count['reconciliationId']}/units"
    rows = operator.json_of("GET", at, status=200)["results"]
    assert {(one["serial"], one["lotId"], one["variance"]) for one in rows} == {
        ("1", "a", -1), ("2", "a", 0), ("3", "b", 1),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"locationId": "main"}, 422),
        ({"locationId": "mars", "scope": "full"}, 404),
        ({"locationId": "main", "skuIds": ["TEA"]}, 404),
        ({"locationId": "main", "counts": [{"skuId": "MUG", "counted": -1}]}, 422),
        ({"locationId": "main", "scope": "full", "holdUnits": 0}, 422),
        ({"locationId": "north", "scope": "full"}, 409),
        ({"locationId": "main", "counts": [{"skuId": "MUG", "counted": 1}] * 1001}, 422),
        ({"locationId": "main", "counts": [{"skuId": "MUG"}]}, 422),
        ({"locationId": "main", "counts": [{"skuId": "MUG", "serials": ["1"]}]}, 422),
        ({"locationId": "main", "counts": [{"skuId": "MUG", "serials": ["1"] * 1000}] * 11}, 422),
        (
            {
                "locationId": "main",
                "counts": [
                    {"skuId": "MUG", "lots": [{"lotId": "a", "quantity": 2, "serials": ["1"]}]}
                ],
            },
            422,
        ),
    ],
)
def test_bad_counts_are_refused(operator: Any, mug: UUID, body: Any, status: int) -> None:
    location("north")
    operator.json_of("POST", URL, body, status=status)


def test_shoppers_do_not_count(api: Any) -> None:
    api.force_authenticate(user=Viewer(user_id=new_id()))
    api.json_of("GET", URL, status=403)
    api.json_of("POST", URL, {"locationId": "main", "scope": "full"}, status=403)
    api.json_of("GET", f"{URL}/{new_id()}", status=403)
