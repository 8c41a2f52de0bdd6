"""Putting things into a cart and taking them out."""

import pytest

from apps.cart import errors, services
from apps.cart.tests.factories import NOW, cart_of, customer, for_sale, quantities, refused
from apps.cart.types import MAX_QUANTITY, AddItem, ChangeItem, RemoveItem, ReplaceItems, WantedItem
from apps.catalog import services as catalog
from apps.pricing.errors import PriceMissing
from ecommerce.events.testing import published
from ecommerce.identity import SYSTEM, Viewer
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


def test_the_same_sku_twice_is_one_line_with_both_quantities() -> None:
    mug, buyer = for_sale("MUG", 1250), customer()
    cart = cart_of(buyer, mug=(mug, 2))

    added = services.add_item(
        AddItem(cart_id=cart.id, viewer=buyer, sku="MUG", quantity=3), now=NOW
    )

    assert (added.quantity, added.added, added.version) == (5, 3, 3)
    assert (added.unit_price_minor, added.subtotal_minor) == (1250, 6250)
    assert quantities(services.get_snapshot(cart_id=cart.id, viewer=buyer)) == {mug: 5}


def test_an_item_is_told_with_ids_only() -> None:
    mug, buyer = for_sale("MUG"), customer()
    cart = cart_of(buyer, mug=(mug, 2))

    told = published("ecommerce.cart.item.added.v1")

    assert [event.payload for event in told] == [
        {
            "cartId": str(cart.id),
            "version": 2,
            "itemId": str(cart.lines[0].line_id),
            "skuId": str(mug),
            "quantity": 2,
            "added": 2,
        }
    ]


def test_what_is_not_published_or_not_known_is_not_sold() -> None:
    mug, buyer = for_sale("MUG"), customer()
    product = catalog.find_skus(ids=[mug])[mug].product_id
    catalog.unpublish_product(product_id=product, viewer=SYSTEM, now=NOW)
    cart = cart_of(buyer)

    for sku in (mug, new_id(), "NO-SUCH"):
        with refused(errors.NotSellable):
            services.add_item(AddItem(cart_id=cart.id, viewer=buyer, sku=sku, quantity=1), now=NOW)

    assert services.get_snapshot(cart_id=cart.id, viewer=buyer) == cart


def test_what_has_no_price_does_not_go_into_the_cart() -> None:
    mug, buyer = for_sale("MUG", None), customer()
    cart = cart_of(buyer)

    with refused(PriceMissing) as refusal:
        services.add_item(AddItem(cart_id=cart.id, viewer=buyer, sku=mug, quantity=1), now=NOW)

    assert refusal.value.facts["sku_ids"] == [str(mug)]


def test_a_line_stops_at_its_limit_and_keeps_what_it_had() -> None:
    mug, buyer = for_sale("MUG"), customer()
    cart = cart_of(buyer, mug=(mug, MAX_QUANTITY - 1))

    with refused(errors.TooManyOfIt) as refusal:
        services.add_item(AddItem(cart_id=cart.id, viewer=buyer, sku=mug, quantity=2), now=NOW)

    assert refusal.value.facts == {"maximum": 999, "in_cart": 998}


def test_a_cart_stops_at_its_number_of_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.cart.queries.writing.MAX_LINES", 2)
    monkeypatch.setattr("apps.cart.services._items.MAX_LINES", 2)
    buyer = customer()
    cart = cart_of(buyer, a=(for_sale("A"), 1), b=(for_sale("B"), 1))
    services.add_item(AddItem(cart_id=cart.id, viewer=buyer, sku="A", quantity=1), now=NOW)

    for_sale("C")
    with refused(errors.TooManyLines):
        services.add_item(AddItem(cart_id=cart.id, viewer=buyer, sku="C", quantity=1), now=NOW)


def test_a_stale_version_is_answered_with_the_cart_as_it_is() -> None:
    mug, buyer = for_sale("MUG"), customer()
    cart = cart_of(buyer, mug=(mug, 1))

    with refused(errors.CartChanged) as refusal:
        services.add_item(
            AddItem(cart_id=cart.id, viewer=buyer, sku=mug, quantity=1, version=1), now=NOW
        )

    assert refusal.value.facts["cart"] == {
        "id": str(cart.id),
        "version": 2,
        "status": "open",
        "coupon_codes": [],
        "items": [{"id": str(cart.lines[0].line_id), "sku_id": str(mug), "quantity": 1}],
    }


def test_a_line_is_set_and_taken_out() -> None:
    mug, buyer = for_sale("MUG"), customer()
    cart = cart_of(buyer, mug=(mug, 2))
    line = cart.lines[0].line_id

    changed = services.change_item(
        ChangeItem(cart_id=cart.id, line_id=line, viewer=buyer, quantity=7, version=2), now=NOW
    )
    emptied = services.remove_item(RemoveItem(cart_id=cart.id, line_id=line, viewer=buyer), now=NOW)

    assert (quantities(changed), changed.version) == ({mug: 7}, 3)
    assert (quantities(emptied), emptied.version) == ({}, 4)
    with refused(errors.ItemNotFound):
        services.remove_item(RemoveItem(cart_id=cart.id, line_id=line, viewer=buyer), now=NOW)


def test_replacing_keeps_the_lines_that_stay_and_tells_what_changed() -> None:
    a, b, c, buyer = for_sale("A"), for_sale("B"), for_sale("C"), customer()
    cart = cart_of(buyer, a=(a, 1), b=(b, 2))
    wanted = (
        WantedItem(sku_id=b, quantity=2),
        WantedItem(sku_id=c, quantity=1),
        WantedItem(sku_id=c, quantity=3),
    )
    command = ReplaceItems(cart_id=cart.id, viewer=buyer, items=wanted, version=cart.version)

    replaced = services.replace_items(command, now=NOW)

    assert quantities(replaced) == {b: 2, c: 4}
    assert replaced.lines[0].line_id == cart.lines[1].line_id
    assert [event.event_type.split(".")[-2] for event in published()[-2:]] == ["removed", "added"]


def test_nobody_else_finds_the_cart() -> None:
    mug, buyer = for_sale("MUG"), customer()
    cart = cart_of(buyer, mug=(mug, 1))
    others = (customer(), Viewer(), Viewer(guest_token_hash="0" * 64))

    for other in others:
        with refused(errors.CartNotFound):
            services.add_item(AddItem(cart_id=cart.id, viewer=other, sku=mug, quantity=1), now=NOW)
        with refused(errors.CartNotFound):
            services.get_cart(cart_id=cart.id, viewer=other, now=NOW)

    assert services.get_snapshot(cart_id=cart.id, viewer=buyer) == cart
