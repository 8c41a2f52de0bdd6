"""The facts that pricing announces. Amounts are in minor units of the currency beside them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ecommerce.events.registry import event


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceFacts:
    """A price with its list: enough to keep the offers of a SKU without asking.

    Of several prices that hold, the list of the highest ``priority`` wins, then the highest
    ``min_quantity`` that is reached.
    """

    price_id: UUID
    price_list_id: UUID
    price_list_code: str
    priority: int
    sku_id: UUID
    channel: str
    currency: str
    includes_tax: bool
    min_quantity: int
    amount: int
    compare_at: int | None
    valid_from: datetime
    valid_to: datetime | None


@event("ecommerce.pricing.price.created.v1", key="sku_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PriceCreated(PriceFacts):
    """A SKU has a price in a list where it had none; ``valid_from`` may lie in the future."""


@event("ecommerce.pricing.price.changed.v1", key="sku_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PriceChanged(PriceFacts):
    """A price took the place of another, has another end, or (scheduled) has just begun."""

    previous_price_id: UUID | None
    previous_amount: int | None


@event("ecommerce.pricing.price.retired.v1", key="sku_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PriceRetired(PriceFacts):
    """A price ended before its time (``valid_to`` says when), or was called off before it began."""


@event("ecommerce.pricing.price_list.created.v1", key="price_list_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PriceListCreated:
    price_list_id: UUID
    price_list_code: str
    channel: str
    currency: str
    priority: int
    includes_tax: bool
    status: str


@event("ecommerce.pricing.promotion.created.v1", key="promotion_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PromotionCreated:
    promotion_id: UUID
    promotion_code: str
    effect: str
    channel: str
    currency: str
    priority: int
    stacking: str
    status: str
    valid_from: datetime | None
    valid_to: datetime | None


@event("ecommerce.pricing.promotion.state_changed.v1", key="promotion_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PromotionStateChanged:
    promotion_id: UUID
    from_status: str
    to_status: str
    version: int


@event("ecommerce.pricing.coupon.issued.v1", key="coupon_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CouponIssued:
    """A code exists. The code itself is worth money and stays out of the log."""

    coupon_id: UUID
    promotion_id: UUID
    usage_limit: int | None
    per_customer_limit: int | None


@event("ecommerce.pricing.coupon.redeemed.v1", key="coupon_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CouponRedeemed:
    """An order that was paid for has used a coupon."""

    coupon_id: UUID
    promotion_id: UUID
    order_id: UUID
    customer_id: UUID | None


@event("ecommerce.pricing.coupon.released.v1", key="coupon_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CouponReleased:
    """An order gave a coupon back: it may be used again."""

    coupon_id: UUID
    promotion_id: UUID
    order_id: UUID
    customer_id: UUID | None
