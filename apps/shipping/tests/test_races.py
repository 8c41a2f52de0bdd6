"""Cancelling and picking at once: one of them wins, never both, never neither."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from apps.inventory import services as inventory
from apps.orders import services as orders
from apps.shipping import services
from apps.shipping.tests.factories import BOSS, NOW, customer, order_status, paid_order
from ecommerce.errors import ShopError
from ecommerce.events.testing import drain
from ecommerce.identity import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


def test_cancel_or_pick_but_not_both() -> None:
    ada = customer()
    sold = [paid_order(ada, code=f"MUG-{n}") for n in range(8)]
    drain()
    work = [services.fulfilment_of_order(order_id=o.id, viewer=SYSTEM).id for o in sold]
    start = Barrier(16)

    def act(number: int) -> bool:
        start.wait()
        index = number // 2
        try:
            if number % 2:
                orders.cancel_order(order_id=sold[index].id, reason="", viewer=ada, now=NOW)
            else:
                services.start_picking(fulfillment_id=work[index], viewer=BOSS, now=NOW)
        except ShopError:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(act, range(16)))

    for index, order in enumerate(sold):
        picked, canceled = won[2 * index], won[2 * index + 1]
        assert picked != canceled
        assert order_status(order.id) == ("PAID" if picked else "CANCELED")
        sku_id = order.lines[0].sku_id
        left = inventory.availability(sku_ids=[sku_id])[sku_id].available
        assert left == (8 if picked else 10)
    drain()
