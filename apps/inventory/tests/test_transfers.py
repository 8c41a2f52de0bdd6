"""Transfers: units that travel are on hand nowhere, and none is forgotten on the way."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.db import DataError, transaction
from django.test import Client

from apps.catalog import services as catalog
from apps.inventory import services
from apps.inventory.errors import (
    EmptyStockChange,
    InsufficientStock,
    NotInTransfer,
    TransferClosed,
    UnknownLocation,
    UnknownTransfer,
)
from apps.inventory.models import StockLevel, StockMovement, StockTransfer
from apps.inventory.tests.factories import location, order_of, stocked
from apps.inventory.types import (
    ArrivedLine,
    ReceiveTransfer,
    RequestTransfer,
    StockLine,
    Transfer,
)
from ecommerce.identity import Viewer
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


def asked(lines: dict[UUID, int], **fields: Any) -> RequestTransfer:
    location("north")
    wanted = tuple(StockLine(sku_id=sku, quantity=units) for sku, units in lines.items())
    return RequestTransfer(lines=wanted, source="main", destination="north", **fields)


def came(
    transfer: Transfer, lines: dict[UUID, tuple[int, int]], receipt: str = "1", **fields: Any
) -> Transfer:
    return services.receive_transfer(
        ReceiveTransfer(
            transfer_id=transfer.id,
            lines=tuple(
                ArrivedLine(sku_id=sku, received=good, damaged=bad)
                for sku, (good, bad) in lines.items()
            ),
            receipt=receipt,
            **fields,
        )
    )


def at(sku_id: UUID, code: str) -> tuple[int, int, int]:
    """On hand, damaged and incoming at a location."""
    level = StockLevel.objects.filter(sku_id=sku_id, location__code=code).first()
    return (level.on_hand, level.damaged, level.incoming) if level else (0, 0, 0)


def test_units_leave_travel_and_arrive() -> None:
    mug = stocked(5)
    transfer = services.request_transfer(asked({mug: 3}, reason="low"))
    assert (transfer.status, at(mug, "main"), at(mug, "north")) == (
        "REQUESTED", (5, 0, 0), (0, 0, 0),
    )  # fmt: skip

    for _ in range(2):
        sent = services.ship_transfer(transfer_id=transfer.id)
        assert (sent.status, at(mug, "main"), at(mug, "north")) == (
            "IN_TRANSIT", (2, 0, 0), (0, 0, 3),
        )  # fmt: skip
    assert services.availability(sku_ids=[mug])[mug].available == 2

    for _ in range(2):
        part = came(sent, {mug: (1, 0)})
        assert (part.status, at(mug, "north")) == ("PARTIALLY_RECEIVED", (1, 0, 2))
    done = came(sent, {mug: (2, 0)}, receipt="2")
    assert (done.status, at(mug, "north")) == ("RECEIVED", (3, 0, 0))
    assert done.closed_at is not None
    entries = StockMovement.objects.filter(reference=str(transfer.id)).order_by("created_at")
    assert list(entries.values_list("kind", "delta")) == [
        ("transfer_out", -3), ("transfer_in", 1), ("transfer_in", 2),
    ]  # fmt: skip
    assert services.audit_stock().clean


def test_what_broke_and_what_never_came_are_written_down_as_such() -> None:
    mug, tea = stocked(9), stocked(4)
    sent = services.send_transfer(asked({mug: 6, tea: 4}))
    done = came(sent, {mug: (3, 2)}, complete=True, reason="pallet fell")

    assert done.status == "DISCREPANCY"
    assert {line.sku_id: (line.received, line.damaged, line.lost) for line in done.lines} == {
        mug: (3, 2, 1),
        tea: (0, 0, 4),
    }
    assert (at(mug, "north"), at(tea, "north")) == ((3, 2, 0), (0, 0, 0))
    lost = StockMovement.objects.filter(kind="adjustment").order_by("delta")
    assert list(lost.values_list("sku_id", "delta", "reason")) == [
        (tea, -4, "lost in transit: pallet fell"),
        (mug, -1, "lost in transit: pallet fell"),
    ]
    assert services.close_transfer(transfer_id=sent.id, reason="seen").status == "CLOSED"
    assert services.audit_stock().clean


def test_closing_on_the_way_writes_off_the_rest_once() -> None:
    mug = stocked(5)
    sent = services.send_transfer(asked({mug: 5}))
    came(sent, {mug: (2, 0)})
    for _ in range(2):
        closed = services.close_transfer(transfer_id=sent.id, reason="truck stolen")
        assert (closed.status, closed.lines[0].lost, at(mug, "north")) == ("CLOSED", 3, (2, 0, 0))
    assert services.audit_stock().clean


def test_receipts_are_told_apart_by_their_whole_name() -> None:
    mug = stocked(9)
    sent = services.send_transfer(asked({mug: 9}))
    for receipt in ("a:b", "a", "a", "closed"):
        came(sent, {mug: (2, 0)}, receipt)
    assert at(mug, "north") == (6, 0, 3)

    closed = services.close_transfer(transfer_id=sent.id, reason="lost")

    assert (closed.lines[0].lost, at(mug, "north")) == (3, (6, 0, 0))


def test_only_what_has_not_left_can_be_cancelled() -> None:
    mug = stocked(5)
    transfer = services.request_transfer(asked({mug: 3}))
    for _ in range(2):
        assert services.cancel_transfer(transfer_id=transfer.id).status == "CANCELLED"
    for act in (
        lambda: services.ship_transfer(transfer_id=transfer.id),
        lambda: came(transfer, {mug: (1, 0)}),
        lambda: services.close_transfer(transfer_id=transfer.id, reason=""),
    ):
        with pytest.raises(TransferClosed), transaction.atomic():
            act()  # type: ignore[no-untyped-call]  # a lambda
    sent = services.send_transfer(asked({mug: 3}))
    with pytest.raises(TransferClosed), transaction.atomic():
        services.cancel_transfer(transfer_id=sent.id)
    assert at(mug, "north") == (0, 0, 3)


def test_no_more_arrives_than_was_sent() -> None:
    mug, tea = stocked(5), stocked(1)
    sent = services.send_transfer(asked({mug: 3}))
    for wrong in ({mug: (3, 1)}, {mug: (4, 0)}, {tea: (1, 0)}, {mug: (-1, 0)}):
        with pytest.raises(NotInTransfer), transaction.atomic():
            came(sent, wrong)
    with pytest.raises(EmptyStockChange), transaction.atomic():
        came(sent, {mug: (0, 0)})
    assert at(mug, "north") == (0, 0, 3)


def test_what_is_promised_is_not_sent_and_then_nothing_is() -> None:
    mug, tea = stocked(5), stocked(5)
    services.reserve_stock(order_of({mug: 4}))
    with pytest.raises(InsufficientStock), transaction.atomic():
        services.send_transfer(asked({mug: 2, tea: 2}))
    assert StockTransfer.objects.count() == 0
    assert (at(tea, "main"), at(tea, "north")) == ((5, 0, 0), (0, 0, 0))
    assert services.audit_stock().clean


def test_a_transfer_is_asked_for_once_and_goes_somewhere() -> None:
    mug = stocked(5)
    command = asked({mug: 3}, transfer_id=new_id())
    assert services.request_transfer(command) == services.request_transfer(command)
    with pytest.raises(EmptyStockChange):
        services.request_transfer(
            RequestTransfer(lines=command.lines, source="main", destination="main")
        )
    with pytest.raises(UnknownLocation):
        services.request_transfer(
            RequestTransfer(lines=command.lines, source="main", destination="mars")
        )
    with pytest.raises(UnknownTransfer):
        services.get_transfer(transfer_id=new_id())


def test_units_stay_their_sellers_on_the_way() -> None:
    location()
    mug = new_id()
    services.receive_stock(sku_id=mug, quantity=5, seller="acme")
    services.send_transfer(asked({mug: 2}))
    assert StockLevel.objects.get(sku_id=mug, location__code="north").seller == "acme"


@pytest.fixture
def operator(api: Any) -> Any:
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"operator"})))
    return api


@pytest.fixture
def mug(monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A SKU with the code MUG of which five are on hand."""
    sku_id = stocked(5)
    location("north")
    known = SimpleNamespace(id=sku_id, code="MUG", seller="acme")

    def find_skus(*, ids: Any = (), codes: Any = ()) -> Any:
        return {sku_id: known} if sku_id in ids or "MUG" in codes else {}

    monkeypatch.setattr(catalog, "find_skus", find_skus)
    return sku_id


BODY = {"fromLocationId": "main", "toLocationId": "north"}


def test_the_doors_lead_a_transfer_to_its_end(operator: Any, mug: UUID) -> None:
    base = "/api/v1/inventory/transfers"
    body = {**BODY, "items": [{"skuId": "MUG", "quantity": 4}], "idempotencyKey": "t"}
    made = operator.json_of("POST", base, body, status=201)
    assert operator.json_of("POST", base, body, status=201) == made
    path = f"{base}/{made['transferId']}"
    assert operator.json_of("POST", f"{path}/ship", {}, status=200)["status"] == "IN_TRANSIT"

    arrival = {"items": [{"skuId": "MUG", "received": 1, "damaged": 1}], "idempotencyKey": "a"}
    part = operator.json_of("POST", f"{path}/receive", arrival, status=200)
    assert operator.json_of("POST", f"{path}/receive", arrival, status=200) == part
    assert part["status"] == "PARTIALLY_RECEIVED"
    assert part["items"] == [
        {"skuId": str(mug), "quantity": 4, "received": 1, "damaged": 1, "lost": 0}
    ]
    operator.json_of("POST", f"{path}/cancel", {}, status=409)
    closed = operator.json_of("POST", f"{path}/close", {"reason": "lost"}, status=200)
    assert (closed["status"], closed["items"][0]["lost"]) == ("CLOSED", 2)
    assert operator.json_of("GET", path, status=200) == closed
    assert at(mug, "north") == (1, 1, 0)


def test_a_list_of_transfers_costs_the_same_however_long(
    operator: Any, mug: UUID, django_assert_num_queries: Any
) -> None:
    body = {**BODY, "items": [{"skuId": "MUG", "quantity": 1}]}
    for _ in range(3):
        operator.json_of("POST", "/api/v1/inventory/transfers", body, status=201)
    with django_assert_num_queries(2):
        page = operator.json_of("GET", "/api/v1/inventory/transfers?status=REQUESTED", status=200)
    assert [row["toLocationId"] for row in page["results"]] == ["north"] * 3
    assert operator.json_of("GET", "/api/v1/inventory/transfers?status=CLOSED", status=200)[
        "results"
    ] == []  # fmt: skip


def test_the_quick_door_sends_what_is_to_travel(operator: Any, mug: UUID) -> None:
    body = {**BODY, "quantity": 2, "inTransit": True}
    sent = operator.json_of("POST", "/api/v1/inventory/MUG/transfer", body, status=200)
    assert sent["status"] == "IN_TRANSIT"
    assert (at(mug, "main"), at(mug, "north")) == ((3, 0, 0), (0, 0, 2))
    stock = operator.json_of("GET", "/api/v1/inventory/MUG", status=200)
    assert (stock["onHand"], stock["incoming"]) == (3, 2)


@pytest.mark.parametrize("path", ["", f"/{UUID(int=1)}/ship", f"/{UUID(int=1)}/receive"])
def test_shoppers_move_nothing(api: Any, path: str) -> None:
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"customer"})))
    api.json_of("POST", f"/api/v1/inventory/transfers{path}", {}, status=403)


def test_the_admin_sends_receives_and_closes(client: Client) -> None:
    user = get_user_model().objects.create_superuser(email="boss@example.com", password="x")
    client.force_login(user)
    mug = stocked(5)
    transfer = services.request_transfer(asked({mug: 3}))
    page = "/admin/inventory/stocktransfer/"
    assert client.get(page).status_code == 200
    assert client.get(f"{page}{transfer.id}/change/").status_code == 200

    def act(name: str) -> str:
        client.post(page, {"action": name, "_selected_action": [str(transfer.id)]})
        return services.get_transfer(transfer_id=transfer.id).status

    assert [act(name) for name in ("ship", "cancel", "receive_all", "close")] == [
        "IN_TRANSIT", "IN_TRANSIT", "RECEIVED", "CLOSED",
    ]  # fmt: skip
    assert at(mug, "north") == (3, 0, 0)


def test_more_units_than_a_column_holds_are_refused_not_cut() -> None:
    mug = stocked(5)
    lines = (StockLine(sku_id=mug, quantity=10**9),) * 5
    location("north")

    with pytest.raises(DataError), transaction.atomic():
        services.request_transfer(RequestTransfer(lines=lines, source="main", destination="north"))

    assert not StockTransfer.objects.exists()
