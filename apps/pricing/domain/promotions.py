"""Promotions: a pure function of (cart, rules, time), in one total order, with a reason for each rule.

Rules run by priority, the highest first, ties by id. Conditions look at the undiscounted cart, discounts
at what earlier rules left of it. An exclusive rule applies alone. Nothing falls below zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from apps.pricing.domain.facts import CouponFact, RuleFact
from apps.pricing.types import (
    APPLIED,
    FIXED,
    FREE_SHIPPING,
    PERCENTAGE,
    REFUSED,
    QuoteCart,
    QuoteLine,
    Reason,
)
from ecommerce.money import Money, allocate, share_of


@dataclass(slots=True)
class Basket:
    """What is left to pay of each line (in the cart's canonical order) and of shipping."""

    left: list[int]
    shipping: int
    applied: list[RuleFact] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Refusal:
    code: str
    why: str


def in_order(rules: Sequence[RuleFact]) -> list[RuleFact]:
    """The total order in which rules run; with two codes for one rule, the usable code comes first."""
    return sorted(rules, key=lambda r: (-r.priority, r.rule_id, r.coupon.code if r.coupon else ""))


def apply_rules(
    *,
    cart: QuoteCart,
    lines: Sequence[QuoteLine],
    basket: Basket,
    rules: Sequence[RuleFact],
    at: datetime,
) -> tuple[Reason, ...]:
    """Run every rule over the basket and tell of each what it did, or why it did nothing."""
    subtotal = sum(basket.left)
    reasons = []
    for rule in in_order(rules):
        refusal = _refusal(rule, cart=cart, subtotal=subtotal, at=at) or _clash(rule, basket)
        targets = [] if refusal else [i for i, line in enumerate(lines) if matches(rule, line)]
        reasons.append(
            _refused(rule, refusal) if refusal else _give(rule, basket, targets, cart.currency)
        )
    return tuple(reasons)


def matches(rule: RuleFact, line: QuoteLine) -> bool:
    """Is the line among those that the rule is about? A rule that names none is about all."""
    if not rule.sku_ids and not rule.category_ids:
        return True
    return line.sku_id in rule.sku_ids or not set(line.category_ids).isdisjoint(rule.category_ids)


def coupon_refusal(coupon: CouponFact, *, customer_id: UUID | None, at: datetime) -> Refusal | None:
    """Why the code cannot be used now, if so."""
    checks = (
        (not coupon.active, "disabled", "the code was withdrawn"),
        (coupon.valid_from and at < coupon.valid_from, "not-yet", "the code is not valid yet"),
        (coupon.valid_to and at >= coupon.valid_to, "expired", "the code has expired"),
        (
            _reached(coupon.usage_limit, coupon.used),
            "used-up",
            "the code has been used as often as it may",
        ),
        (
            coupon.per_customer_limit and customer_id is None,
            "sign-in",
            "the code is for signed-in customers",
        ),
        (
            _reached(coupon.per_customer_limit, coupon.used_by_customer),
            "used-by-customer",
            "this customer has used the code as often as they may",
        ),
    )
    return next((Refusal(f"coupon-{code}", why) for failed, code, why in checks if failed), None)


def _reached(limit: int | None, used: int) -> bool:
    return limit is not None and used >= limit


def _refusal(rule: RuleFact, *, cart: QuoteCart, subtotal: int, at: datetime) -> Refusal | None:
    if rule.coupon and (
        refusal := coupon_refusal(rule.coupon, customer_id=cart.customer_id, at=at)
    ):
        return refusal
    threshold = Money(rule.min_subtotal_minor, cart.currency)
    checks = (
        (not rule.active, "inactive", "the promotion is not active"),
        (rule.valid_from and at < rule.valid_from, "not-yet", "the promotion has not begun"),
        (rule.valid_to and at >= rule.valid_to, "ended", "the promotion has ended"),
        (rule.channel not in ("", cart.channel), "channel", f"only on channel {rule.channel}"),
        (rule.currency not in ("", cart.currency), "currency", f"only in {rule.currency}"),
        (subtotal < rule.min_subtotal_minor, "min-subtotal", f"the order is below {threshold}"),
    )
    return next((Refusal(code, why) for failed, code, why in checks if failed), None)


def _clash(rule: RuleFact, basket: Basket) -> Refusal | None:
    for earlier in basket.applied:
        if earlier.rule_id == rule.rule_id:
            return Refusal("twice", "the promotion is in the order already")
        if earlier.exclusive or rule.exclusive:
            return Refusal("not-combinable", f"not combinable with {earlier.code}")
    return None


def _give(rule: RuleFact, basket: Basket, targets: list[int], currency: str) -> Reason:
    given = (
        _free_shipping(basket) if rule.effect == FREE_SHIPPING else _discount(rule, basket, targets)
    )
    if not given:
        return _refused(rule, _nothing_to_give(rule, targets))
    basket.applied.append(rule)
    return Reason(
        rule=name_of(rule),
        outcome=APPLIED,
        code=rule.effect,
        why=f"{rule.name}: {Money(given, currency)} off {'shipping' if rule.effect == FREE_SHIPPING else 'the lines'}",
        amount_minor=given,
    )


def _nothing_to_give(rule: RuleFact, targets: list[int]) -> Refusal:
    if rule.effect == FREE_SHIPPING:
        return Refusal("nothing-left", "shipping costs nothing as it is")
    if not targets:
        return Refusal("no-match", "no line is among those that it is about")
    return Refusal("nothing-left", "the discount comes to nothing")


def _free_shipping(basket: Basket) -> int:
    given, basket.shipping = basket.shipping, 0
    return given


def _discount(rule: RuleFact, basket: Basket, targets: list[int]) -> int:
    weights = [basket.left[i] for i in targets]
    whole = sum(weights)
    if not whole:
        return 0
    wanted = share_of(whole, rule.percent / 100) if rule.effect == PERCENTAGE else rule.amount_minor
    if rule.effect not in (PERCENTAGE, FIXED):
        raise ValueError(f"{rule.effect} is no discount")
    given = min(wanted, whole)
    for i, part in zip(targets, allocate(given, weights), strict=True):
        basket.left[i] -= part
    return given


def name_of(rule: RuleFact) -> str:
    """How a rule is called in reasons: its code, and the coupon that brought it in."""
    return f"promotion:{rule.code}" + (f" coupon:{rule.coupon.code}" if rule.coupon else "")


def _refused(rule: RuleFact, refusal: Refusal) -> Reason:
    return Reason(rule=name_of(rule), outcome=REFUSED, code=refusal.code, why=refusal.why)
