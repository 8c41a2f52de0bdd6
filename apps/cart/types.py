"""What goes in and out of the cart: frozen plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from apps.pricing.types import APPLIED, Quote, Reason
from ecommerce import dimensions
from ecommerce.identity import Viewer
from ecommerce.money import Money

MAX_QUANTITY = 999
"""Of one SKU in one cart."""
MAX_LINES = 200
MAX_COUPONS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateCart:
    """A customer gets the one open cart of the channel; a guest a new one, with a token.

    Without a currency or locale, the cart has the channel's own.
    """

    viewer: Viewer
    channel: str = dimensions.CHANNEL
    currency: str = ""
    locale: str = ""
    country: str = ""
    region: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CartLine:
    line_id: UUID
    sku_id: UUID
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CartSnapshot:
    """A cart at one version, without prices: what checkout freezes."""

    id: UUID
    version: int
    status: str
    channel: str
    currency: str
    locale: str
    country: str | None
    region: str | None
    customer_id: UUID | None
    guest_token_hash: str | None
    coupon_codes: tuple[str, ...]
    lines: tuple[CartLine, ...]
    order_id: UUID | None
    merged_into: UUID | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CreatedCart:
    """``guest_token`` is told this once; only its hash is kept."""

    cart: CartSnapshot
    guest_token: str | None
    created: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class AddItem:
    """Add so many of a SKU, told by its id or its code. ``version`` is checked where it is given."""

    cart_id: UUID
    viewer: Viewer
    sku: UUID | str
    quantity: int
    version: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AddedItem:
    """The line after the addition, with what one unit costs now."""

    cart_id: UUID
    version: int
    line_id: UUID
    sku_id: UUID
    sku: str
    quantity: int
    added: int
    currency: str
    unit_price_minor: int
    subtotal_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeItem:
    """Let a line hold exactly so many."""

    cart_id: UUID
    line_id: UUID
    viewer: Viewer
    quantity: int
    version: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoveItem:
    cart_id: UUID
    line_id: UUID
    viewer: Viewer
    version: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedItem:
    sku_id: UUID
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplaceItems:
    """Let the cart hold exactly these."""

    cart_id: UUID
    viewer: Viewer
    items: tuple[WantedItem, ...]
    version: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What stands in the way of buying the cart as it is. Asked for, never thrown."""

    code: str
    detail: str
    line_id: UUID | None = None
    sku_id: UUID | None = None
    available: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CartLineView:
    """A line for the shopper: what it is, and what it costs now (nothing, where it has no price)."""

    line_id: UUID
    sku_id: UUID
    sku: str
    product_id: UUID | None
    title: str
    options: Mapping[str, str]
    image: str | None
    quantity: int
    currency: str
    unit_price_minor: int | None
    list_price_minor: int | None
    subtotal_minor: int | None
    discount_minor: int | None
    tax_minor: int | None
    total_minor: int | None
    available: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AppliedPromotion:
    """What a rule takes off."""

    rule: str
    why: str
    amount: Money


@dataclass(frozen=True, kw_only=True, slots=True)
class CartView:
    """A cart with live prices, live availability, and whatever is wrong with it.

    ``quote`` is None where nothing in it has a price; the totals are 0 then.
    """

    cart: CartSnapshot
    lines: tuple[CartLineView, ...]
    quote: Quote | None
    problems: tuple[Problem, ...]

    @property
    def currency(self) -> str:
        return self.cart.currency

    @property
    def prices_include_tax(self) -> bool:
        return self.quote is None or self.quote.prices_include_tax

    @property
    def subtotal_minor(self) -> int:
        return self.quote.subtotal_minor if self.quote else 0

    @property
    def discount_minor(self) -> int:
        return self.quote.discount_minor if self.quote else 0

    @property
    def tax_minor(self) -> int:
        return self.quote.tax_minor if self.quote else 0

    @property
    def total_minor(self) -> int:
        return self.quote.total_minor if self.quote else 0

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.quote.reasons if self.quote else ()

    @property
    def applied(self) -> tuple[AppliedPromotion, ...]:
        return tuple(
            AppliedPromotion(
                rule=reason.rule, why=reason.why, amount=Money(reason.amount_minor, self.currency)
            )
            for reason in self.reasons
            if reason.outcome == APPLIED
        )

    @property
    def line_count(self) -> int:
        return len(self.lines)

    @property
    def item_count(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def problem_count(self) -> int:
        return len(self.problems)


@dataclass(frozen=True, kw_only=True, slots=True)
class MergeCarts:
    """Pour a guest's cart into the customer's. ``strategy``: sum, or preferAuth (keep what is there)."""

    viewer: Viewer
    guest_cart_id: UUID
    strategy: str = "sum"


@dataclass(frozen=True, kw_only=True, slots=True)
class MergedLine:
    sku_id: UUID
    guest_quantity: int
    quantity: int
    capped: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class MergeReport:
    """What became of the guest's lines. A repeated merge reports no lines."""

    cart: CartSnapshot
    lines: tuple[MergedLine, ...] = field(default=())
