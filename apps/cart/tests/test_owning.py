"""Whose cart it is, how two become one, and what the checkout does with it."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.accounts import services as accounts
from apps.cart import errors, services
from apps.cart.domain.merge import merged_lines
from apps.cart.models import Cart
from apps.cart.tests.factories import (
    NOW,
    cart_of,
    customer,
    for_sale,
    guest_with,
    quantities,
    refused,
)
from apps.cart.types import MAX_QUANTITY, AddItem, CreateCart, MergeCarts
from ecommerce.events.testing import published
from ecommerce.identity import Viewer
from ecommerce.ids import new_id
from ecommerce.ttl_cache import TtlCache

pytestmark = pytest.mark.django_db


def test_a_customer_has_one_open_cart_per_channel() -> None:
    buyer = customer()
    accounts.save_channel(replace(accounts.get_channel("web"), code="outlet", name="Outlet"))
    TtlCache.clear_all()  # as of half a minute later
    first = services.create_cart(CreateCart(viewer=buyer), now=NOW)
    again = services.create_cart(CreateCart(viewer=buyer), now=NOW)
    elsewhere = services.create_cart(CreateCart(viewer=buyer, channel="outlet"), now=NOW)

    assert (first.created, again.created, elsewhere.created) == (True, False, True)
    assert first.cart == again.cart
    assert elsewhere.cart.id != first.cart.id
    assert first.guest_token is None


def test_a_cart_has_the_currency_and_locale_of_its_channel_unless_others_are_asked_for() -> None:
    accounts.save_channel(
        replace(
            accounts.get_channel("web"),
            currency="SEK",
            currencies=("SEK", "EUR"),
            locale="sv",
            locales=("sv", "en"),
        )
    )
    TtlCache.clear_all()  # as of half a minute later

    plain = services.create_cart(CreateCart(viewer=Viewer()), now=NOW).cart
    euro = services.create_cart(CreateCart(viewer=Viewer(), currency="EUR", locale="en"), now=NOW)

    assert (plain.currency, plain.locale) == ("SEK", "sv")
    assert (euro.cart.currency, euro.cart.locale) == ("EUR", "en")


@pytest.mark.parametrize(
    ("asked", "where"), [({"channel": "moon"}, "/channel"), ({"currency": "XXX"}, "/currency")]
)
def test_no_cart_is_opened_for_a_channel_or_currency_that_nobody_sells_in(
    asked: dict[str, str], where: str
) -> None:
    with refused(errors.NotSoldThere) as refusal:
        services.create_cart(CreateCart(viewer=Viewer(), **asked), now=NOW)

    assert [fault.pointer for fault in refusal.value.faults] == [where]
    assert not Cart.objects.exists()


def test_a_guest_is_told_a_token_once_and_is_known_by_it() -> None:
    created = services.create_cart(CreateCart(viewer=Viewer()), now=NOW)
    guest = guest_with(created)

    again = services.create_cart(CreateCart(viewer=guest), now=NOW)
    stranger = services.create_cart(CreateCart(viewer=Viewer()), now=NOW)

    assert str(created.guest_token) not in str(created.cart)
    assert (again.cart.id, again.guest_token) == (created.cart.id, None)
    assert stranger.cart.id != created.cart.id


def test_a_locked_cart_is_not_changed_until_it_is_unlocked() -> None:
    mug, buyer = for_sale("MUG"), customer()
    cart = cart_of(buyer, mug=(mug, 1))

    locked = services.lock_cart(cart_id=cart.id, viewer=buyer, now=NOW)
    again = services.lock_cart(cart_id=cart.id, viewer=buyer, now=NOW)
    with refused(errors.CartLocked):
        services.add_item(AddItem(cart_id=cart.id, viewer=buyer, sku=mug, quantity=1), now=NOW)
    unlocked = services.unlock_cart(cart_id=cart.id, viewer=buyer, now=NOW)

    assert (locked.status, locked.version, again) == ("locked", 3, locked)
    assert (unlocked.status, unlocked.version, quantities(unlocked)) == ("open", 4, {mug: 1})


def test_signing_in_adds_the_guests_lines_and_a_repeat_changes_nothing() -> None:
    a, b, buyer = for_sale("A"), for_sale("B"), customer()
    mine = cart_of(buyer, a=(a, 1))
    created = services.create_cart(CreateCart(viewer=Viewer()), now=NOW)
    guest = guest_with(created)
    for sku, units in ((a, 2), (b, 4)):
        services.add_item(
            AddItem(cart_id=created.cart.id, viewer=guest, sku=sku, quantity=units), now=NOW
        )
    both = Viewer(user_id=buyer.user_id, guest_token_hash=guest.guest_token_hash)
    command = MergeCarts(viewer=both, guest_cart_id=created.cart.id)

    report = services.merge_carts(command, now=NOW)
    again = services.merge_carts(command, now=NOW)

    assert report.cart.id == mine.id
    assert quantities(report.cart) == {a: 3, b: 4}
    assert {(line.sku_id, line.quantity, line.capped) for line in report.lines} == {
        (a, 3, False),
        (b, 4, False),
    }
    assert (again.cart, again.lines) == (report.cart, ())
    assert len(published("ecommerce.cart.cart.merged.v1")) == 1


def test_a_merge_needs_the_account_and_the_guests_token() -> None:
    created = services.create_cart(CreateCart(viewer=Viewer()), now=NOW)

    with refused(errors.NothingToMerge):
        services.merge_carts(
            MergeCarts(viewer=guest_with(created), guest_cart_id=created.cart.id), now=NOW
        )
    with refused(errors.CartNotFound):
        services.merge_carts(MergeCarts(viewer=customer(), guest_cart_id=created.cart.id), now=NOW)


@pytest.mark.parametrize("whose", ["guest", "customer"])
def test_a_cart_that_is_being_paid_for_is_merged_by_the_next_sign_in(whose: str) -> None:
    mug, tea, buyer = for_sale("MUG"), for_sale("TEA"), customer()
    mine = cart_of(buyer, mug=(mug, 1))
    guests = services.create_cart(CreateCart(viewer=Viewer()), now=NOW)
    guest = guest_with(guests)
    wanted = AddItem(cart_id=guests.cart.id, viewer=guest, sku=tea, quantity=2)
    services.add_item(wanted, now=NOW)
    paying = guest if whose == "guest" else buyer
    locked = guests.cart.id if whose == "guest" else mine.id
    services.lock_cart(cart_id=locked, viewer=paying, now=NOW)

    def sign_in() -> tuple[dict[UUID, int], dict[UUID, int]]:
        services.merge_guests_carts(
            user_id=buyer.signed_in_id, guest_token_hash=guest.guest_token_hash or "", now=NOW
        )
        return (
            quantities(services.get_snapshot(cart_id=mine.id, viewer=buyer)),
            quantities(services.get_snapshot(cart_id=guests.cart.id, viewer=guest)),
        )

    assert sign_in() == ({mug: 1}, {tea: 2})
    services.unlock_cart(cart_id=locked, viewer=paying, now=NOW)
    assert sign_in()[0] == sign_in()[0] == {mug: 1, tea: 2}
    assert len(published("ecommerce.cart.cart.merged.v1")) == 1


def test_an_order_takes_the_cart_at_its_version_once() -> None:
    mug, buyer, order = for_sale("MUG"), customer(), new_id()
    cart = cart_of(buyer, mug=(mug, 1))

    with refused(errors.CartChanged):
        services.complete_cart(cart_id=cart.id, version=cart.version - 1, order_id=order)
    services.complete_cart(cart_id=cart.id, version=cart.version, order_id=order)
    services.complete_cart(cart_id=cart.id, version=cart.version, order_id=order)
    with refused(errors.CartClosed):
        services.complete_cart(cart_id=cart.id, version=cart.version, order_id=new_id())
    with refused(errors.CartClosed):
        services.checkout_snapshot(cart_id=cart.id, viewer=buyer)

    assert services.get_snapshot(cart_id=cart.id, viewer=buyer).order_id == order


def test_an_order_that_came_to_nothing_gives_the_cart_back() -> None:
    mug, buyer, order = for_sale("MUG"), customer(), new_id()
    cart = cart_of(buyer, mug=(mug, 2))
    services.complete_cart(cart_id=cart.id, version=cart.version, order_id=order)

    services.reopen_cart(cart_id=cart.id, order_id=new_id())
    still = services.get_snapshot(cart_id=cart.id, viewer=buyer)
    services.reopen_cart(cart_id=cart.id, order_id=order)
    services.reopen_cart(cart_id=cart.id, order_id=order)
    back = services.checkout_snapshot(cart_id=cart.id, viewer=buyer)

    assert still.status == "completed"
    assert (back.status, back.order_id, quantities(back)) == ("open", None, {mug: 2})
    assert back.version == cart.version + 2


def test_where_another_cart_was_begun_the_lines_go_there() -> None:
    mug, tea, buyer, order = for_sale("MUG"), for_sale("TEA"), customer(), new_id()
    cart = cart_of(buyer, mug=(mug, 2))
    services.complete_cart(cart_id=cart.id, version=cart.version, order_id=order)
    newer = cart_of(buyer, tea=(tea, 1))

    services.reopen_cart(cart_id=cart.id, order_id=order)
    services.reopen_cart(cart_id=cart.id, order_id=order)

    assert quantities(services.get_snapshot(cart_id=newer.id, viewer=buyer)) == {mug: 2, tea: 1}
    assert services.get_snapshot(cart_id=cart.id, viewer=buyer).merged_into == newer.id


def test_an_empty_cart_is_not_checked_out() -> None:
    buyer = customer()
    with refused(errors.CartEmpty):
        services.checkout_snapshot(cart_id=cart_of(buyer).id, viewer=buyer)


def test_a_deleted_cart_makes_room_for_a_new_one() -> None:
    buyer = customer()
    cart = cart_of(buyer)

    services.delete_cart(cart_id=cart.id, viewer=buyer, now=NOW)
    services.delete_cart(cart_id=cart.id, viewer=buyer, now=NOW)

    assert cart_of(buyer).id != cart.id
    assert len(published("ecommerce.cart.cart.deleted.v1")) == 1


SOME = st.dictionaries(st.sampled_from([new_id() for _ in range(6)]), st.integers(1, MAX_QUANTITY))


@settings(deadline=None)
@given(SOME, SOME, st.sampled_from(["sum", "preferAuth"]))
def test_a_merge_loses_nothing_below_the_limit(
    mine: dict[UUID, int], guests: dict[UUID, int], strategy: str
) -> None:
    lines = {line.sku_id: line for line in merged_lines(mine, guests, strategy=strategy)}

    assert lines.keys() == guests.keys()
    for sku, line in lines.items():
        assert max(mine.get(sku, 0), 1) <= line.quantity <= MAX_QUANTITY
        if strategy == "sum":
            assert line.quantity == min(mine.get(sku, 0) + guests[sku], MAX_QUANTITY)
            assert line.capped == (line.quantity < mine.get(sku, 0) + guests[sku])
        elif sku in mine:
            assert (line.quantity, line.capped) == (mine[sku], False)
