"""Coupons: issued, held while an order is paid, redeemed after, or given back."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.pricing.domain.codes import family_of, normal_code, normal_codes
from apps.pricing.errors import (
    CouponExists,
    CouponInvalid,
    CouponNotFound,
    CouponRefused,
    PromotionNotFound,
)
from apps.pricing.events import CouponIssued, CouponRedeemed, CouponReleased
from apps.pricing.models import Coupon as CouponRow
from apps.pricing.models import Promotion
from apps.pricing.queries import coupons
from apps.pricing.types import Coupon, IssueCoupon
from ecommerce.audit import record
from ecommerce.errors import Fault
from ecommerce.events import publish, publish_many
from ecommerce.identity import Viewer


@transaction.atomic
def issue_coupon(command: IssueCoupon, *, now: datetime) -> Coupon:
    """Make a code that brings a promotion in. Raises CouponInvalid, CouponExists, PromotionNotFound."""
    code = normal_code(command.code)
    if not code:
        fault = Fault(pointer="/code", detail="Letters, digits, - and _; 64 at most.", code="code")
        raise CouponInvalid(faults=[fault])
    promotion = Promotion.objects.filter(id=command.promotion_id, needs_coupon=True).first()
    if promotion is None:
        raise PromotionNotFound("No promotion of that id waits for a coupon")
    row = CouponRow(
        code=code,
        promotion=promotion,
        usage_limit=command.usage_limit,
        per_customer_limit=command.per_customer_limit,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
        created_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "pricing_coupon_period" in str(error):
            raise CouponInvalid("The period is empty") from error
        raise CouponExists() from error
    publish(
        CouponIssued(
            coupon_id=row.id,
            promotion_id=promotion.id,
            usage_limit=row.usage_limit,
            per_customer_limit=row.per_customer_limit,
        )
    )
    record(
        action="pricing.coupon.issued", entity_type="coupon", entity_id=row.id, actor=command.actor
    )
    return view_of_coupon(row, promotion)


def get_coupon(code: str) -> Coupon:
    """Where a code stands. Raises CouponNotFound."""
    row = CouponRow.objects.select_related("promotion").filter(code=normal_code(code)).first()
    if row is None:
        raise CouponNotFound()
    return view_of_coupon(row, row.promotion)


def guessed_families(codes: Collection[str]) -> dict[str, int]:
    """The families of codes that someone asks about, and how many of each are no codes of ours.

    For doors that count guesses: whoever tries one code after another misses most of the time.
    """
    wanted = normal_codes(codes)
    if not wanted:
        return {}
    known = set(CouponRow.objects.filter(code__in=wanted).values_list("code", flat=True))
    families = dict.fromkeys((family_of(code) for code in wanted), 0)
    for code in set(wanted) - known:
        families[family_of(code)] += 1
    return families


@transaction.atomic
def disable_coupon(*, code: str, actor: Viewer | None = None) -> Coupon:
    """Withdraw a code; what is held stays held. Repeating it changes nothing. Raises CouponNotFound."""
    if CouponRow.objects.filter(code=normal_code(code), status="active").update(status="disabled"):
        record(
            action="pricing.coupon.disabled",
            entity_type="coupon",
            entity_id=get_coupon(code).id,
            actor=actor,
        )
    return get_coupon(code)


@transaction.atomic(savepoint=False)
def hold_coupons(
    *, order_id: UUID, codes: Collection[str], customer_id: UUID | None, now: datetime
) -> None:
    """Claim the coupons for an order, all or none. Repeating it changes nothing.

    Raises CouponRefused, which undoes the caller's transaction too. However many callers there are,
    no coupon is held and redeemed more often than its limit: the counter moves by one guarded update.
    """
    wanted = normal_codes(codes)
    if not wanted:
        return
    fresh = coupons.claim(wanted, order_id=order_id, customer_id=customer_id, now=now)
    if len(fresh) < len(wanted):
        _refuse_unknown(wanted, order_id)
    if not fresh:
        return
    held = coupons.count_held(fresh, now=now)
    if len(held) < len(fresh):
        _refuse(set(wanted) - {code for _, code, _ in held}, "used up or no longer valid")
    _check_customer(held, customer_id)


@transaction.atomic(savepoint=False)
def redeem_coupons(order_id: UUID) -> int:
    """The order is paid for: what it holds is used. Repeating it changes nothing. How many there were."""
    claims = coupons.settle(order_id, to="redeemed", standing=["held"])
    publish_many(
        [
            CouponRedeemed(
                coupon_id=claim.coupon_id,
                promotion_id=claim.promotion_id,
                order_id=order_id,
                customer_id=claim.customer_id,
            )
            for claim in claims
        ]
    )
    return len(claims)


@transaction.atomic(savepoint=False)
def release_coupons(order_id: UUID) -> int:
    """The order came to nothing: what it held or used may be used again. Repeating it changes nothing."""
    claims = coupons.settle(order_id, to="released", standing=["held", "redeemed"])
    publish_many(
        [
            CouponReleased(
                coupon_id=claim.coupon_id,
                promotion_id=claim.promotion_id,
                order_id=order_id,
                customer_id=claim.customer_id,
            )
            for claim in claims
        ]
    )
    return len(claims)


@transaction.atomic
def redeem_code(*, code: str, order_id: UUID, customer_id: UUID | None, now: datetime) -> Coupon:
    """Hold and redeem at once, for an order that was paid elsewhere. Repeating it changes nothing.

    Raises CouponNotFound, CouponRefused.
    """
    get_coupon(code)
    hold_coupons(order_id=order_id, codes=[code], customer_id=customer_id, now=now)
    redeem_coupons(order_id)
    return get_coupon(code)


def _check_customer(held: list[tuple[UUID, str, int | None]], customer_id: UUID | None) -> None:
    limited = {coupon_id: (code, limit) for coupon_id, code, limit in held if limit is not None}
    if not limited:
        return
    if customer_id is None:
        _refuse({code for code, _ in limited.values()}, "for signed-in customers")
        return
    uses = coupons.uses_of_customer(list(limited), customer_id)
    over = {code for coupon_id, (code, limit) in limited.items() if uses.get(coupon_id, 0) > limit}
    if over:
        _refuse(over, "used by this customer as often as they may")


def _refuse_unknown(wanted: tuple[str, ...], order_id: UUID) -> None:
    known = set(CouponRow.objects.filter(code__in=wanted).values_list("code", flat=True))
    if unknown := set(wanted) - known:
        _refuse(unknown, "there is no such code")


def _refuse(codes: set[str], reason: str) -> None:
    raise CouponRefused(
        f"{', '.join(sorted(codes))}: {reason}", coupon_codes=sorted(codes), reason=reason
    )


def view_of_coupon(row: CouponRow, promotion: Promotion) -> Coupon:
    return Coupon(
        id=row.id,
        code=row.code,
        promotion_id=promotion.id,
        promotion=promotion.code,
        status=row.status,
        usage_limit=row.usage_limit,
        per_customer_limit=row.per_customer_limit,
        held=row.held,
        redeemed=row.redeemed,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
