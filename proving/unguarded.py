"""Settings of a shop with a guard switched off: the negative controls of the races.

``SHOP_WITHOUT`` names the guard, or several with commas between. Only web servers that a control starts ever see these settings.
"""

import os
from collections.abc import Callable
from typing import Any

from django.apps import AppConfig

from config.settings.development import *  # noqa: F403
from config.settings.development import INSTALLED_APPS as _APPS

INSTALLED_APPS = [*_APPS, "proving.unguarded.Unguarded"]


class Unguarded(AppConfig):
    name = "proving.unguarded"
    label = "unguarded"

    def ready(self) -> None:
        for guard in os.environ["SHOP_WITHOUT"].split(","):
            SWITCHES[guard]()


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


def _clock() -> None:
    """Each process by the clock of its own machine."""
    from ecommerce import clock

    vars(clock)["follow"] = lambda read: None


def _offset() -> None:
    """Move a consumer's offset when its effects are committed, in another transaction."""
    from functools import partial
    from typing import Any

    from django.db import transaction

    from ecommerce.events import consuming, draining
    from ecommerce.steps import reach

    advance: Callable[..., None] = vars(consuming)["advance"]
    step: Callable[..., Any] = vars(draining)["step"]
    owed: list[Callable[[], None]] = []

    def later(*told: Any, **counted: int) -> None:
        owed.append(partial(advance, *told, **counted))
        transaction.on_commit(lambda: reach("events.in_batch"))

    def step_then_advance(*told: Any, **when: Any) -> Any:
        owed.clear()
        taken = step(*told, **when)
        for advancing in owed:
            advancing()
        return taken

    vars(consuming)["advance"] = later
    vars(draining)["step"] = step_then_advance


def _parking() -> None:
    """Let a consumer fail with the first event that it fails on."""
    from typing import Any

    from ecommerce.events import consuming, handling

    def all_or_nothing(consumer: Any, events: Any) -> None:
        if events:
            handling.run(consumer, events)

    vars(consuming)["run_at_once"] = all_or_nothing


def _settled() -> None:
    """Let an attempt have its effect whenever it is told of."""
    from apps.payments.queries import settling

    open_only = "WHERE a.status IN ('started', 'unknown')"
    for name in ("SETTLE", "SETTLE_AND_BOOK"):
        statement = vars(settling)[name]
        assert open_only in statement
        vars(settling)[name] = statement.replace(open_only, "")


def _signature() -> None:
    """Believe every webhook."""
    from apps.payments.gateways import sandbox

    vars(sandbox)["holds"] = lambda *_, **__: True


def _asking_after() -> None:
    """Ask for an authorization anew, under another name, when the first answer was lost."""
    from dataclasses import replace
    from typing import Any
    from uuid import UUID

    from apps.payments.services import _ask
    from ecommerce.ids import new_id

    answer = vars(_ask)["_answer"]

    def answer_anew(asked: Any, operation: str, payment_id: UUID, attempt_id: UUID) -> Any:
        if asked.tries == 1 or operation != "authorize":
            return answer(asked, operation, payment_id, attempt_id)
        another = new_id()
        found = answer(replace(asked, tries=1), operation, another, another)
        return replace(found, attempt_id=attempt_id)

    vars(_ask)["_answer"] = answer_anew


def _breaker() -> None:
    """Never stop asking a gateway that does not answer."""
    from apps.payments.gateways import calling

    vars(calling)["FAILURES_TO_OPEN"] = vars(calling)["SLOW_AT_ONCE"] = 1_000_000


def _reconnection() -> None:
    """Meet a connection that the database closed with the next request, and answer that."""
    from django.core.signals import request_started

    from ecommerce import connections
    from ecommerce.http import idempotency, views

    request_started.disconnect(dispatch_uid="drop_hung_up")
    for module in (connections, idempotency, views):
        vars(module)["is_lost"] = lambda error: False


def _masking() -> None:
    """Write the headers of each request into the log, and mask nothing there."""
    from ecommerce.operations import logs, middleware

    report = middleware.Observe._report

    def tell_all(self: Any, request: Any, response: Any, seconds: float) -> None:
        middleware.logger.info("headers", headers=dict(request.headers))
        report(self, request, response, seconds)

    vars(logs)["mask"] = lambda value, name="": value
    middleware.Observe._report = tell_all  # type: ignore[method-assign]  # that is the point


def _refusal() -> None:
    """Take a database that cannot now for a bug of ours."""
    from ecommerce.http import problems

    vars(problems)["_of_database"] = lambda error: None


def _cache() -> None:
    """Take a cache that is gone for a bug of ours."""
    from ecommerce.http import throttling

    class Unheard(Exception):
        pass

    vars(throttling)["RedisError"] = Unheard


def _outbox() -> None:
    """Send the news to the broker itself, in the midst of the sale."""
    from ecommerce.events import publishing, wake

    vars(publishing)["wake_on_commit"] = vars(wake)["_send"]


SWITCHES: dict[str, Callable[[], None]] = {
    "stock": _stock,
    "patience": _patience,
    "once": _once,
    "clock": _clock,
    "masking": _masking,
    "lock order": _lock_order,
    "allocation": _allocation,
    "coupon": _coupon,
    "offset": _offset,
    "parking": _parking,
    "reconnection": _reconnection,
    "refusal": _refusal,
    "cache": _cache,
    "outbox": _outbox,
    "settled": _settled,
    "signature": _signature,
    "asking after": _asking_after,
    "breaker": _breaker,
}
