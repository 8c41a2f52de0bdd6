"""The back office: every list opens, stock is corrected by the service."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from apps.inventory import services
from apps.inventory.models import StockLevel, StockMovement
from apps.inventory.tests.factories import counts, order_of, stocked

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client) -> Client:
    user = get_user_model().objects.create_superuser(email="boss@example.com", password="x")
    client.force_login(user)
    return client


@pytest.mark.parametrize("page", ["location", "stocklevel", "stockmovement", "reservation"])
def test_every_list_opens(office: Client, page: str) -> None:
    services.reserve_stock(order_of({stocked(5): 2}))
    assert office.get(f"/admin/inventory/{page}/").status_code == 200


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


def test_a_reservation_is_released(office: Client) -> None:
    mug = stocked(5)
    held = services.reserve_stock(order_of({mug: 2}))
    office.post(
        "/admin/inventory/reservation/",
        {"action": "release", "_selected_action": [str(held.id)]},
    )
    assert counts(mug) == (5, 0, 0)
