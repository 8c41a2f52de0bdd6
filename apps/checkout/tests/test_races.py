"""Many at once: one order, one charge, whoever comes first. The guard switched off shows that the test sees."""

from collections import Counter
from functools import partial
from itertools import repeat
from typing import Any

import pytest

from apps.checkout import services
from apps.checkout.errors import CheckoutInFlight
from apps.checkout.models import Saga as SagaRow
from apps.checkout.queries import statements
from apps.checkout.tests.factories import (
    Died,
    confirmed,
    customer,
    death_at,
    for_sale,
    open_shop,
    order_statuses,
    started,
    stock,
    wish,
)
from apps.checkout.types import Confirmation
from apps.inventory.errors import OutOfStock
from ecommerce import clock, steps
from ecommerce.testing_threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _shop() -> None:
    open_shop()


def test_one_checkout_confirmed_five_times_at_once_is_one_order(sandbox_server: Any) -> None:
    mug = for_sale("MUG", stock=10)
    ada = customer()
    checkout = started(ada, (mug, 1))

    answers = at_once([lambda: confirmed(ada, checkout)] * 5)

    assert any(isinstance(answer, Confirmation) for answer in answers)
    assert {type(answer) for answer in answers} <= {Confirmation, CheckoutInFlight}
    assert order_statuses() == ["PAID"]
    assert sandbox_server.succeeded("authorize") == 1
    assert stock(mug).allocated == 1


def test_two_checkouts_of_one_cart_at_once_are_one_order(sandbox_server: Any) -> None:
    mug = for_sale("MUG", stock=10)
    ada = customer()
    one = started(ada, (mug, 1))
    other = services.start_checkout(wish(ada, one.cart_id), now=clock.now())

    answers = at_once([partial(confirmed, ada, one), partial(confirmed, ada, other)])

    assert Counter(isinstance(answer, Confirmation) for answer in answers) == {True: 1, False: 1}
    assert order_statuses() == ["PAID"]
    assert sandbox_server.succeeded("authorize") == 1


def test_twelve_buyers_of_four_mugs(sandbox_server: Any) -> None:
    mug = for_sale("MUG", stock=4)
    buyers = [customer() for _ in range(12)]
    checkouts = [started(buyer, (mug, 1)) for buyer in buyers]

    answers = at_once(map(partial, repeat(confirmed), buyers, checkouts))

    assert Counter(type(answer) for answer in answers) == {Confirmation: 4, OutOfStock: 8}
    assert order_statuses() == ["PAID"] * 4
    assert sandbox_server.succeeded("capture") == 4
    assert (stock(mug).available, stock(mug).allocated) == (0, 4)


def left_behind(count: int) -> None:
    """Purchases whose driver died after the order was placed."""
    mug = for_sale("MUG", stock=50)
    for _ in range(count):
        buyer = customer()
        checkout = started(buyer, (mug, 1))
        with death_at("checkout.after_place"), pytest.raises(Died):
            confirmed(buyer, checkout)
    steps.arm(None)
    SagaRow.objects.update(lease_until=None)


def test_many_workers_share_what_is_left_behind(sandbox_server: Any) -> None:
    left_behind(6)

    taken = at_once([lambda: services.resume_sagas(now=clock.now())] * 4)

    assert sum(taken) == 6
    assert order_statuses() == ["PAID"] * 6
    assert sandbox_server.succeeded("authorize") == 6
    assert sandbox_server.succeeded("capture") == 6


def test_without_leases_workers_would_meet_and_still_charge_once(
    sandbox_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_behind(2)
    claim = statements._CLAIM
    careless = claim.replace("coalesce(lease_until, '-infinity') < now() AND", "")
    assert careless != claim
    monkeypatch.setattr(statements, "_CLAIM", careless.replace(" SKIP LOCKED", ""))

    taken = at_once([lambda: services.resume_sagas(now=clock.now(), limit=3)] * 4)

    assert sum(taken) > 2
    SagaRow.objects.update(lease_until=None, next_attempt_at=clock.now())
    monkeypatch.undo()
    services.resume_sagas(now=clock.now())
    assert order_statuses() == ["PAID"] * 2
    assert sandbox_server.succeeded("capture") == 2
