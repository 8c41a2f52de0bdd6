"""What shoppers learn of stock: fresh, without what a channel holds back, in one statement for many."""

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from apps.catalog import services as catalog
from apps.inventory import services
from apps.inventory.errors import NegativeBuffer, NoBuffer
from apps.inventory.models import ChannelBuffer
from apps.inventory.tests.factories import location, order_of, stocked
from ecommerce.identity import Viewer
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> dict[str, UUID]:
    """Five mugs and two pots; the catalog knows no more."""
    skus = {"MUG": stocked(5), "POT": stocked(2)}
    known = {sku_id: SimpleNamespace(id=sku_id, code=code) for code, sku_id in skus.items()}

    def find_skus(*, ids: Any = (), codes: Any = ()) -> Mapping[UUID, Any]:
        return {key: one for key, one in known.items() if key in ids or one.code in codes}

    monkeypatch.setattr(catalog, "find_skus", find_skus)
    return skus


@pytest.fixture
def operator(api: Any) -> Any:
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"operator"})))
    return api


def available(api: Any, query: str = "") -> dict[str, int]:
    told = api.json_of("GET", f"/api/v1/availability?skuIds=MUG,POT{query}", status=200)
    return dict(zip(("MUG", "POT"), (one["available"] for one in told["results"]), strict=True))


def test_anybody_may_ask_what_can_be_sold_and_nothing_else(api: Any, shelf: Any) -> None:
    one = api.json_of("GET", "/api/v1/availability/MUG", status=200)
    assert datetime.fromisoformat(one.pop("asOf"))
    line = {
        "skuId": str(shelf["MUG"]),
        "available": 5,
        "inStock": True,
        "orderable": 5,
        "promisedAt": None,
    }
    assert one == line
    both = api.json_of("GET", f"/api/v1/availability?skuIds=MUG,{shelf['MUG']}", status=200)
    assert both["results"] == [line, line]
    api.json_of("GET", "/api/v1/availability?skuIds=MUG,TEA", status=404)
    api.json_of("GET", "/api/v1/availability", status=422)
    api.json_of("GET", "/api/v1/availability/MUG?location=mars", status=404)
    api.json_of("GET", "/api/v1/availability/MUG?consistency=none", status=422)


def test_what_is_promised_is_seen_at_once(api: Any, shelf: dict[str, UUID]) -> None:
    services.reserve_stock(order_of({shelf["MUG"]: 4}))
    assert available(api) == {"MUG": 1, "POT": 2}
    assert available(api, "&consistency=strong") == {"MUG": 1, "POT": 2}


def test_five_hundred_are_read_in_two_statements(
    api: Any, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    skus = {str(new_id()): None for _ in range(499)} | {str(stocked(3)): None}
    monkeypatch.setattr(
        catalog, "find_skus",
        lambda *, ids=(), codes=(): {i: SimpleNamespace(id=i, code=str(i)) for i in ids},
    )  # fmt: skip
    with django_assert_num_queries(2):
        told = api.json_of("GET", f"/api/v1/availability?skuIds={','.join(skus)}", status=200)
    assert [one["available"] for one in told["results"]] == [0] * 499 + [3]
    api.json_of("GET", f"/api/v1/availability?skuIds={','.join([*skus, 'MUG'])}", status=422)


def test_a_location_is_asked_alone_and_a_closed_one_sells_nothing(
    api: Any, shelf: dict[str, UUID]
) -> None:
    stocked(7, at="north", sku_id=shelf["MUG"])
    closed = location("attic", active=False)
    services.receive_stock(sku_id=shelf["MUG"], quantity=9, location=closed.code)
    assert available(api) == {"MUG": 12, "POT": 2}
    assert available(api, "&location=north") == {"MUG": 7, "POT": 0}
    assert available(api, "&location=attic") == {"MUG": 0, "POT": 0}


def test_a_shelf_that_is_held_from_sale_sells_nothing(api: Any, shelf: dict[str, UUID]) -> None:
    stocked(7, at="north", sku_id=shelf["MUG"])
    services.hold_from_sale(
        sku_id=shelf["MUG"], location="main", reason="counted wrong", actor="op"
    )
    assert available(api) == {"MUG": 7, "POT": 2}
    assert services.availability(sku_ids=[shelf["MUG"]])[shelf["MUG"]].available == 7


def test_a_channel_holds_units_back(operator: Any, shelf: dict[str, UUID]) -> None:
    every = {"channel": "market", "units": 3}
    operator.json_of("PUT", "/api/v1/inventory/buffers", every, status=200)
    assert available(operator, "&channel=market") == {"MUG": 2, "POT": 0}
    assert available(operator) == {"MUG": 5, "POT": 2}

    own = {"channel": "market", "skuId": "POT", "units": 1}
    first = operator.json_of("PUT", "/api/v1/inventory/buffers", own, status=200)
    again = operator.json_of("PUT", "/api/v1/inventory/buffers", {**own, "units": 0}, status=200)
    assert first["id"] == again["id"]
    assert available(operator, "&channel=market") == {"MUG": 2, "POT": 2}

    listed = operator.json_of("GET", "/api/v1/inventory/buffers?channel=market", status=200)
    assert {(one["skuId"], one["units"]) for one in listed["results"]} == {
        (None, 3),
        (str(shelf["POT"]), 0),
    }
    answer = operator.delete(f"/api/v1/inventory/buffers/{again['id']}")
    assert answer.status_code == 204
    assert available(operator, "&channel=market") == {"MUG": 2, "POT": 0}


def test_buffers_that_mean_nothing_are_refused(operator: Any, shelf: dict[str, UUID]) -> None:
    wrong: list[dict[str, Any]] = [
        {"channel": "web", "units": -1},
        {"channel": "a b", "units": 1},
        {"channel": "web"},
    ]
    for body in wrong:
        operator.json_of("PUT", "/api/v1/inventory/buffers", body, status=422)
    unknown = {"channel": "web", "skuId": "TEA", "units": 1}
    operator.json_of("PUT", "/api/v1/inventory/buffers", unknown, status=404)
    with pytest.raises(NegativeBuffer):
        services.set_channel_buffer(channel="web", units=-1)
    with pytest.raises(NoBuffer):
        services.drop_channel_buffer(buffer_id=new_id())
    assert ChannelBuffer.objects.count() == 0


def test_there_is_one_buffer_for_all_skus_of_a_channel() -> None:
    ChannelBuffer.objects.create(channel="web", units=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChannelBuffer.objects.create(channel="web", units=2)


def test_a_copy_is_kept_until_stock_moves_and_a_strong_read_is_never_kept(
    api: Any, shelf: dict[str, UUID]
) -> None:
    first = api.get("/api/v1/availability/MUG")
    assert first["Cache-Control"] == "public, no-cache"
    tag = {"headers": {"If-None-Match": first["ETag"]}}
    assert api.get("/api/v1/availability/MUG", **tag).status_code == 304
    services.receive_stock(sku_id=shelf["MUG"], quantity=1)
    assert api.get("/api/v1/availability/MUG", **tag).status_code == 200

    strong = api.get("/api/v1/availability/MUG?consistency=strong")
    assert (strong["Cache-Control"], "ETag" in strong) == ("no-store", False)


def test_a_merchandiser_sets_a_buffer_in_the_admin(
    admin_client: Any, shelf: dict[str, UUID]
) -> None:
    for units in (2, 4):
        form = {"channel": "market", "sku_code": "MUG", "units": units}
        answer = admin_client.post("/admin/inventory/channelbuffer/add/", form)
        assert answer.status_code == 302, answer.content
    assert ChannelBuffer.objects.get().units == 4
    refused = admin_client.post(
        "/admin/inventory/channelbuffer/add/", {"channel": "market", "sku_code": "TEA", "units": 1}
    )
    assert refused.status_code == 200
    assert admin_client.get("/admin/inventory/channelbuffer/").status_code == 200
