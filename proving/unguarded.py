"""Settings of a shop with a guard switched off: the negative controls of the races.

``SHOP_WITHOUT`` names the guard. Only web servers that a control starts ever see these settings.
"""

import os
from collections.abc import Callable

from django.apps import AppConfig

from config.settings.development import *  # noqa: F403
from config.settings.development import INSTALLED_APPS as _APPS

INSTALLED_APPS = [*_APPS, "proving.unguarded.Unguarded"]


class Unguarded(AppConfig):
    name = "proving.unguarded"
    label = "unguarded"

    def ready(self) -> None:
        _SWITCHES[os.environ["SHOP_WITHOUT"]]()


def _stock() -> None:
    """Reserve by what was read, without a lock: check, then act."""
    from apps.inventory.queries import taking

    assert "FOR UPDATE OF l" in taking.RESERVE
    taking.RESERVE = taking.RESERVE.replace("FOR UPDATE OF l", "")


def _patience() -> None:
    """Refuse a buyer whenever another is at the same row, as optimistic locking does."""
    from apps.inventory.queries import taking

    taking.RESERVE = taking.RESERVE.replace("FOR UPDATE OF l", "FOR UPDATE OF l NOWAIT")


def _once() -> None:
    """Buy whenever the button is pressed: no look at the checkout's status or the cart's."""
    from apps.cart import services as cart
    from apps.checkout.queries import statements

    open_only = "c.status = 'OPEN' AND "
    begin: str = vars(statements)["_BEGIN"]
    assert open_only in begin
    anew = (
        "SET order_id = gen_random_uuid(), payment_id = gen_random_uuid(), attempt = attempt + 1,"
    )
    unguarded = begin.replace(open_only, "").replace("SET ", f"{anew} ", 1)
    vars(statements)["_BEGIN"] = unguarded
    vars(cart)["complete_cart"] = lambda **_: None


def _lock_order() -> None:
    """Lock the levels of a basket as the basket has them."""
    from apps.inventory.domain import order_lines
    from apps.inventory.queries import taking
    from apps.inventory.services import _reserve

    in_order = "ORDER BY l.sku_id, l.location_id\n    FOR UPDATE"
    assert in_order in taking.RESERVE
    as_put_in = "ORDER BY array_position(%(skus)s::uuid[], l.sku_id)\n    FOR UPDATE"
    taking.RESERVE = taking.RESERVE.replace(in_order, as_put_in)
    vars(order_lines)["sorted"] = list
    assert vars(_reserve)["merged"] is order_lines.merged


def _allocation() -> None:
    """Allocate what was promised once, without a look at whether the hold still stands."""
    from apps.inventory.queries import holding

    holds = "AND status = 'RESERVED'"
    assert holds in holding.CONFIRM
    holding.CONFIRM = holding.CONFIRM.replace(holds, "AND status IN ('RESERVED', 'EXPIRED')")


def _coupon() -> None:
    """Count a coupon's uses, and let nobody be refused by them."""
    from apps.pricing.queries import coupons

    limit = "AND (c.usage_limit IS NULL OR c.held + c.redeemed < c.usage_limit)"
    count: str = vars(coupons)["_COUNT_HELD"]
    assert limit in count
    vars(coupons)["_COUNT_HELD"] = count.replace(limit, "")


_SWITCHES: dict[str, Callable[[], None]] = {
    "stock": _stock,
    "patience": _patience,
    "once": _once,
    "lock order": _lock_order,
    "allocation": _allocation,
    "coupon": _coupon,
}
