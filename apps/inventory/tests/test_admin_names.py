"""The back office calls SKUs, places and papers by what people know them by."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.inventory import services
from apps.inventory.models import (
    KitComponent,
    StockComparison,
    StockDifference,
    StockLevel,
    WarehouseMessage,
)
from apps.inventory.tests.factories import location, order_of
from apps.inventory.tests.test_admin import cost, office, shelved
from apps.inventory.types import RequestPick, RequestTransfer, StartCount, StockLine
from ecommerce.clock import now
from ecommerce.identity import Viewer

__all__ = ["office"]
pytestmark = pytest.mark.django_db


def test_a_kit_and_what_is_in_it_are_shown_and_found_by_code(office: Client) -> None:
    kit, mug, tea = shelved("SET"), shelved("MUG"), shelved("TEA")

    actor = Viewer(roles=frozenset({"admin"}))
    services.set_kit(sku_id=kit, components={mug: 2}, actor=actor)
    with_one = cost(office, "kitcomponent")
    services.set_kit(sku_id=kit, components={mug: 2, tea: 1}, actor=actor)
    assert cost(office, "kitcomponent") == with_one
    for asked, told in (("", 2), ("SET", 2), ("MUG", 1), (str(tea), 1), ("CUP", 0)):
        listed = office.get(f"/admin/inventory/kitcomponent/?q={asked}")
        shown = listed.content.decode()
        assert shown.count("SET: The SET") == listed.context["cl"].result_count == told
    row = KitComponent.objects.get(component_sku_id=mug)
    shown = office.get(f"/admin/inventory/kitcomponent/{row.id}/change/").content.decode()
    assert "MUG: The MUG" in shown
    assert str(mug) not in shown


def test_warehouses_papers_name_skus_and_lead_on(office: Client) -> None:
    skus = {shelved(code): 1 for code in ("MUG", "TEA", "CUP")}
    order = order_of(skus)
    services.allocate_stock(order, now=now())
    task = services.request_pick(RequestPick(location="main", order_id=order.order_id), now=now())
    place = location()
    WarehouseMessage.objects.create(
        location=place, event_id="e", task_id=task.id, sequence=1, report={}
    )
    count = services.start_count(StartCount(location="main", scope="full"), now=now())
    compared = StockComparison.objects.create(
        location=place, compared_at=now(), count_id=count.id, error="<b>"
    )
    for sku in skus:
        StockDifference.objects.create(comparison=compared, sku_id=sku, ours=1, theirs=2)

    for page, row in (("warehousetask", task.id), ("stockcomparison", compared.id)):
        with CaptureQueriesContext(connection) as asked:
            shown = office.get(f"/admin/inventory/{page}/{row}/change/").content.decode()
        assert all(f"The {code}" in shown for code in ("MUG", "TEA", "CUP"))
        assert not any(str(sku) in shown for sku in skus)
        assert sum("catalog_sku" in one["sql"] for one in asked) == 1, "named at once"
    for page, link in (
        ("warehousetask", f"orders/order/{order.order_id}"),
        ("warehousemessage", f"inventory/warehousetask/{task.id}"),
        ("stockcomparison", f"inventory/countsession/{count.id}"),
    ):
        listed = office.get(f"/admin/inventory/{page}/").content.decode()
        assert f'href="/admin/{link}/change/"' in listed
        assert ">main<" in listed
        assert "<b>" not in listed


def test_movements_lead_to_what_they_are_about(office: Client) -> None:
    mug = shelved("MUG")
    location("hall")
    sent = services.request_transfer(
        RequestTransfer(
            lines=(StockLine(sku_id=mug, quantity=2),), source="main", destination="hall"
        )
    )
    services.ship_transfer(transfer_id=sent.id, actor="ada")
    level = StockLevel.objects.get(sku_id=mug, location__code="main")

    for page in ("stockmovement/", f"stocklevel/{level.id}/change/"):
        shown = office.get(f"/admin/inventory/{page}").content.decode()
        assert f'href="/admin/inventory/stocktransfer/{sent.id}/change/"' in shown
        assert "-2" in shown


def test_what_is_held_from_sale_is_seen_in_the_list(office: Client) -> None:
    services.hold_from_sale(sku_id=shelved("MUG"), location="main", reason="odd", actor="ada")
    shelved("TEA")
    assert office.get("/admin/inventory/stocklevel/").content.decode().count(">held<") == 1
