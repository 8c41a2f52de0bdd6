"""Several writers of one cart at once: nothing is lost, nothing is doubled."""

from functools import partial
from typing import Any

import pytest

from apps.cart import errors, services
from apps.cart.queries import writing
from apps.cart.tests.factories import NOW, cart_of, customer, for_sale, quantities
from apps.cart.types import AddItem, ChangeItem, CreateCart
from ecommerce.errors import ShopError
from ecommerce.ids import new_id
from ecommerce.testing_threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_everybody_who_adds_at_once_is_counted() -> None:
    mug, tea, buyer = for_sale("MUG"), for_sale("TEA"), customer()
    cart = cart_of(buyer)

    wishes = [AddItem(cart_id=cart.id, viewer=buyer, sku=sku, quantity=1) for sku in (mug, tea) * 6]
    at_once([partial(services.add_item, wish, now=NOW) for wish in wishes])

    after = services.get_snapshot(cart_id=cart.id, viewer=buyer)
    assert quantities(after) == {mug: 6, tea: 6}
    assert after.version == cart.version + 12


def change_at_once() -> list[Any]:
    mug, buyer = for_sale(f"MUG-{new_id()}"), customer()
    cart = cart_of(buyer, mug=(mug, 1))
    line = cart.lines[0].line_id
    wishes = [
        ChangeItem(
            cart_id=cart.id, line_id=line, viewer=buyer, quantity=quantity, version=cart.version
        )
        for quantity in (5, 6)
    ]
    return at_once([partial(services.change_item, wish, now=NOW) for wish in wishes])


def test_of_two_who_mean_the_same_version_one_is_told_so() -> None:
    for _ in range(5):
        answers = change_at_once()
        assert sorted(type(answer) is errors.CartChanged for answer in answers) == [False, True]


def test_without_the_guard_one_would_overwrite_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    unguarded = writing._TOUCH.replace(writing._AS_EXPECTED, "(%(expected)s::int IS NULL OR true)")
    monkeypatch.setattr(writing, "_TOUCH", unguarded)

    answers = change_at_once()

    assert not any(isinstance(answer, ShopError) for answer in answers)


def test_one_cart_is_ordered_once() -> None:
    mug, buyer = for_sale("MUG"), customer()
    cart = cart_of(buyer, mug=(mug, 1))

    def order() -> None:
        services.complete_cart(cart_id=cart.id, version=cart.version, order_id=new_id())

    answers = at_once([order] * 8)

    assert answers.count(None) == 1
    assert sum(isinstance(answer, errors.CartClosed) for answer in answers) == 7


def test_a_customer_who_opens_two_windows_has_one_cart() -> None:
    buyer = customer()

    answers = at_once([lambda: services.create_cart(CreateCart(viewer=buyer), now=NOW).cart.id] * 8)

    assert len(set(answers)) == 1
