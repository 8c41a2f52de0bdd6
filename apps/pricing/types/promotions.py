"""Promotions and coupons, as others see them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from apps.pricing.types.quote import Reason
from ecommerce.identity import Viewer

PERCENTAGE = "percentage_discount"
FIXED = "fixed_discount"
FREE_SHIPPING = "free_shipping"
EFFECTS = (PERCENTAGE, FIXED, FREE_SHIPPING)
EXCLUSIVE = "exclusive"
COMBINABLE = "combinable"


@dataclass(frozen=True, kw_only=True, slots=True)
class CreatePromotion:
    """A rule that gives a discount. Empty ``sku_ids`` and ``category_ids`` mean the whole order.

    ``percent`` goes with percentage_discount, ``amount_minor`` with fixed_discount; ``currency`` is
    needed where an amount or a threshold is. An empty channel means every channel.
    """

    code: str
    name: str
    effect: str
    needs_coupon: bool = False
    channel: str = ""
    currency: str = ""
    percent: Decimal = Decimal(0)
    amount_minor: int = 0
    min_subtotal_minor: int = 0
    sku_ids: Sequence[UUID] = ()
    category_ids: Sequence[UUID] = ()
    priority: int = 0
    stacking: str = COMBINABLE
    status: str = "active"
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    actor: Viewer | None = field(default=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Promotion:
    id: UUID
    code: str
    name: str
    effect: str
    needs_coupon: bool
    channel: str
    currency: str
    percent: Decimal
    amount_minor: int
    min_subtotal_minor: int
    sku_ids: tuple[UUID, ...]
    category_ids: tuple[UUID, ...]
    priority: int
    stacking: str
    status: str
    valid_from: datetime | None
    valid_to: datetime | None
    version: int


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueCoupon:
    """A code that lets a promotion apply, ``usage_limit`` times in all and so often per customer."""

    code: str
    promotion_id: UUID
    usage_limit: int | None = None
    per_customer_limit: int | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    actor: Viewer | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Coupon:
    id: UUID
    code: str
    promotion_id: UUID
    promotion: str
    status: str
    usage_limit: int | None
    per_customer_limit: int | None
    held: int
    redeemed: int
    valid_from: datetime | None
    valid_to: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CouponDecision:
    """May the code be used for these items? ``reasons`` are those that concern it."""

    code: str
    decision: str
    inputs_version: str
    discount_minor: int
    currency: str
    reasons: tuple[Reason, ...]
