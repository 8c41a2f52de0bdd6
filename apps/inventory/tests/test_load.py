"""What the bulk loader tells."""

import pytest

from apps.inventory import services
from apps.inventory.events import AvailableUpdated
from apps.inventory.types import OpeningStock
from ecommerce.events.registry import name_of
from ecommerce.events.testing import published
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


def test_a_load_tells_once_what_can_be_promised_over_all_locations() -> None:
    services.ensure_location(code="main")
    services.ensure_location(code="east")
    mug, tea = new_id(), new_id()
    rows = [
        OpeningStock(sku_id=mug, on_hand=3),
        OpeningStock(sku_id=mug, on_hand=4, location="east"),
        OpeningStock(sku_id=tea, on_hand=0),
    ]

    assert (services.load_stock(iter(rows)), services.load_stock(rows)) == (3, 0)

    told = [event.payload for event in published(name_of(AvailableUpdated))]
    assert {one["skuId"]: one["available"] for one in told} == {str(mug): 7, str(tea): 0}
    assert len(told) == 2
