"""What comes from the catalog, and the sweep by the clock."""

from typing import Any

import pytest
from django.db import transaction

from apps.catalog.events import OffersReceived
from apps.inventory import services, tasks
from apps.inventory.tests.factories import counts, location, order_of, stocked
from ecommerce import clock
from ecommerce.events import publish_many
from ecommerce.events.testing import published
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


def test_imported_counts_become_stock_once(drain: Any) -> None:
    location()
    mug, tea, jam = new_id(), new_id(), new_id()
    offers = [
        OffersReceived(
            import_id=new_id(), sku_id=sku, sku_code="x", product_id=new_id(), on_hand=units
        )
        for sku, units in ((mug, 7), (tea, None), (jam, -3))
    ]
    with transaction.atomic():
        publish_many([*offers, *offers])
    drain()
    assert (counts(mug), counts(tea), counts(jam)) == ((7, 0, 0), (0, 0, 0), (0, 0, 0))
    assert services.audit_stock().clean


def test_the_sweep_gives_back_everything_that_is_due() -> None:
    mug = stocked(9)
    for _ in range(9):
        services.reserve_stock(order_of({mug: 1}, expires_at=clock.now()))
    assert tasks.expire_reservations() == 9
    assert counts(mug) == (9, 0, 0)
    told = published("ecommerce.inventory.reservation.expired.v1")
    assert len(told) == 9
    assert told[0].payload["items"] == [{"skuId": str(mug), "quantity": 1, "locationId": "main"}]
