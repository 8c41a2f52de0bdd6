"""Coupons: never used more often than they may be, whoever asks at once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from apps.pricing import errors, services
from apps.pricing.models import Coupon as CouponRow
from apps.pricing.models import CouponUse
from apps.pricing.queries import coupons
from apps.pricing.tests.factories import NOW, coupon, promotion, refused
from apps.pricing.types import IssueCoupon
from ecommerce.events.testing import published
from ecommerce.ids import new_id

BUYERS = 64


def hold(order_id: UUID, *codes: str, customer: UUID | None = None, now: datetime = NOW) -> None:
    services.hold_coupons(order_id=order_id, codes=codes, customer_id=customer, now=now)


def counts(code: str) -> tuple[int, int]:
    now = services.get_coupon(code)
    return now.held, now.redeemed


@pytest.mark.django_db
def test_a_coupon_is_held_then_redeemed_and_each_repeat_changes_nothing() -> None:
    coupon("ONCE", usage_limit=1)
    order, other = new_id(), new_id()

    for _ in range(2):
        hold(order, "once")
    assert counts("ONCE") == (1, 0)
    with refused(errors.CouponRefused) as refusal:
        hold(other, "ONCE")
    assert [services.redeem_coupons(order) for _ in range(2)] == [1, 0]

    assert counts("ONCE") == (0, 1)
    assert refusal.value.facts["coupon_codes"] == ["ONCE"]
    assert len(published("ecommerce.pricing.coupon.redeemed.v1")) == 1


@pytest.mark.django_db
def test_a_released_coupon_may_be_used_again() -> None:
    coupon("ONCE", usage_limit=1)
    first, second = new_id(), new_id()
    hold(first, "ONCE")

    assert [services.release_coupons(first) for _ in range(2)] == [1, 0]
    hold(second, "ONCE")
    services.redeem_coupons(second)
    assert services.release_coupons(second) == 1
    hold(first, "ONCE")

    assert counts("ONCE") == (1, 0)
    assert len(published("ecommerce.pricing.coupon.released.v1")) == 2


@pytest.mark.django_db
def test_a_customer_uses_it_as_often_as_they_may_and_guests_not_at_all() -> None:
    coupon("MINE", per_customer_limit=1)
    ann, bob = new_id(), new_id()
    hold(new_id(), "MINE", customer=ann)

    with refused(errors.CouponRefused):
        hold(new_id(), "MINE", customer=ann)
    with refused(errors.CouponRefused):
        hold(new_id(), "MINE")
    hold(new_id(), "MINE", customer=bob)

    assert counts("MINE") == (2, 0)


@pytest.mark.django_db
def test_all_codes_of_an_order_are_held_or_none() -> None:
    coupon("GOOD")
    coupon("OVER", valid_to=NOW + timedelta(days=1))

    for codes, now in ((("GOOD", "NO-SUCH"), NOW), (("GOOD", "OVER"), NOW + timedelta(days=2))):
        with refused(errors.CouponRefused):
            hold(new_id(), *codes, now=now)

    assert counts("GOOD") == (0, 0)
    assert not CouponUse.objects.exists()


@pytest.mark.django_db
def test_the_database_has_the_last_word_on_a_limit() -> None:
    coupon("ONCE", usage_limit=1)

    with pytest.raises(DatabaseError), transaction.atomic():
        CouponRow.objects.update(held=2)


@pytest.mark.django_db
def test_a_code_is_issued_once_in_whatever_spelling() -> None:
    rule = promotion("ten", percent=10, needs_coupon=True)
    services.issue_coupon(IssueCoupon(code="spring-24", promotion_id=rule.id), now=NOW)

    with refused(errors.CouponExists):
        services.issue_coupon(IssueCoupon(code=" SPRING-24", promotion_id=rule.id), now=NOW)
    with refused(errors.CouponInvalid):
        services.issue_coupon(IssueCoupon(code="50%!", promotion_id=rule.id), now=NOW)
    with refused(errors.PromotionNotFound):
        services.issue_coupon(IssueCoupon(code="X", promotion_id=new_id()), now=NOW)
    told = published("ecommerce.pricing.coupon.issued.v1")
    assert [event.payload["promotionId"] for event in told] == [str(rule.id)]
    assert "SPRING" not in str(told[0].payload)


def redeemed_at_once() -> int:
    """So many buyers place and pay for an order with the one code at once: how many got it?"""
    code = f"RACE-{new_id().hex[-12:]}"
    coupon(code, usage_limit=1)
    start = Barrier(BUYERS)

    def buy(_: int) -> int:
        order = new_id()
        start.wait()
        try:
            with transaction.atomic():
                hold(order, code)
            with transaction.atomic():
                return services.redeem_coupons(order)
        except errors.CouponRefused:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(BUYERS) as pool:
        return sum(pool.map(buy, range(BUYERS)))


@pytest.mark.django_db(transaction=True)
def test_of_64_buyers_at_once_exactly_one_redeems_the_coupon() -> None:
    for _ in range(3):
        assert redeemed_at_once() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_guarded_update_more_than_one_would(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = Barrier(2)

    def look_then_write(ids: list[UUID], *, now: datetime) -> list[tuple[UUID, str, int | None]]:
        [row] = CouponRow.objects.filter(id__in=ids)
        if row.held + row.redeemed >= (row.usage_limit or 0):
            return []
        with suppress(BrokenBarrierError):
            pair.wait(timeout=5)  # two have looked before either writes
        CouponRow.objects.filter(id=row.id).update(held=row.held + 1)
        return [(row.id, row.code, row.per_customer_limit)]

    def settle(order_id: UUID, *, to: str, standing: list[str]) -> list[Any]:
        claims = CouponUse.objects.filter(order_id=order_id, status__in=standing)
        claims.update(status=to)
        return [
            coupons.Claim(use.coupon_id, use.coupon.promotion_id, None, "")
            for use in CouponUse.objects.filter(order_id=order_id).select_related("coupon")
        ]

    monkeypatch.setattr(coupons, "count_held", look_then_write)
    monkeypatch.setattr(coupons, "settle", settle)

    assert redeemed_at_once() > 1
