"""What the cart announces. Ids and counts only."""

from dataclasses import dataclass
from uuid import UUID

from ecommerce.events.registry import event


@dataclass(frozen=True, kw_only=True, slots=True)
class CartFacts:
    """What every event of a cart carries."""

    cart_id: UUID
    version: int
    channel: str
    currency: str
    customer_id: UUID | None


@event("ecommerce.cart.cart.created.v1", key="cart_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CartCreated(CartFacts):
    pass


@event("ecommerce.cart.cart.updated.v1", key="cart_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CartUpdated(CartFacts):
    """Its coupons or its status changed; ``order_id`` is there once it was ordered."""

    status: str
    coupon_count: int
    order_id: UUID | None


@event("ecommerce.cart.cart.merged.v1", key="cart_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CartMerged(CartFacts):
    """``from_cart_id`` was poured into this cart and is closed."""

    from_cart_id: UUID
    strategy: str


@event("ecommerce.cart.cart.locked.v1", key="cart_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CartLocked(CartFacts):
    pass


@event("ecommerce.cart.cart.unlocked.v1", key="cart_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CartUnlocked(CartFacts):
    pass


@event("ecommerce.cart.cart.deleted.v1", key="cart_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CartDeleted(CartFacts):
    pass


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemFacts:
    """What every event of a line carries; ``quantity`` is what the line holds now."""

    cart_id: UUID
    version: int
    item_id: UUID
    sku_id: UUID
    quantity: int


@event("ecommerce.cart.item.added.v1", key="cart_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ItemAdded(ItemFacts):
    """``added`` units more of the SKU."""

    added: int


@event("ecommerce.cart.item.updated.v1", key="cart_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ItemUpdated(ItemFacts):
    pass


@event("ecommerce.cart.item.removed.v1", key="cart_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ItemRemoved(ItemFacts):
    """``quantity`` is 0."""
