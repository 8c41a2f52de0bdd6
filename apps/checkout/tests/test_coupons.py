"""A coupon is held with the order, used with the payment, and given back with the refusal."""

from decimal import Decimal
from typing import Any

import pytest

from apps.checkout.errors import PaymentDeclined
from apps.checkout.tests.factories import (
    confirmed,
    customer,
    for_sale,
    open_shop,
    order_statuses,
    started,
)
from apps.orders import services as orders
from apps.pricing import services as pricing
from apps.pricing.errors import CouponRefused
from apps.pricing.types import PERCENTAGE, CreatePromotion, IssueCoupon
from ecommerce import clock
from ecommerce.money import Money

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop() -> None:
    open_shop()
    now = clock.now()
    promotion = pricing.create_promotion(
        CreatePromotion(
            code="ten", name="10 % off", effect=PERCENTAGE, needs_coupon=True, percent=Decimal(10)
        ),
        now=now,
    )
    pricing.issue_coupon(
        IssueCoupon(code="ONCE", promotion_id=promotion.id, usage_limit=1), now=now
    )


def used() -> tuple[int, int]:
    coupon = pricing.get_coupon("ONCE")
    return coupon.held, coupon.redeemed


def test_a_coupon_is_used_once_and_back_after_a_cancellation(sandbox_server: Any) -> None:
    mug = for_sale("MUG", price=1000)
    ada = customer()
    checkout = started(ada, (mug, 2), coupon_codes=("ONCE",))
    assert (checkout.discount, checkout.total) == (Money(200, "EUR"), Money(2290, "EUR"))
    assert used() == (0, 0)

    done = confirmed(ada, checkout)

    assert used() == (0, 1)
    order = orders.get_order(order_id=done.checkout.order_id, viewer=ada)  # type: ignore[arg-type]
    assert order.coupon_codes == ("ONCE",)
    assert [line.discount for line in order.lines] == [Money(200, "EUR")]
    orders.cancel_order(order_id=order.id, reason="no", viewer=ada, now=clock.now())
    assert used() == (0, 0)


def test_a_declined_card_gives_the_coupon_back(sandbox_server: Any) -> None:
    ada = customer()
    checkout = started(ada, (for_sale(), 1), method="tok_declined", coupon_codes=("ONCE",))

    with pytest.raises(PaymentDeclined):
        confirmed(ada, checkout)

    assert used() == (0, 0)
    confirmed(ada, checkout, method="tok_visa")
    assert used() == (0, 1)


def test_the_second_buyer_with_the_last_coupon_is_refused(sandbox_server: Any) -> None:
    mug = for_sale()
    ada, bob = customer(), customer()
    first = started(ada, (mug, 1), coupon_codes=("ONCE",))
    second = started(bob, (mug, 1), coupon_codes=("ONCE",))
    confirmed(ada, first)

    with pytest.raises(CouponRefused):
        confirmed(bob, second)

    assert order_statuses() == ["PAID"]
    assert used() == (0, 1)
