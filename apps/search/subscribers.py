"""What the storefront makes of others' events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.catalog.events import (
    CategoryCreated,
    CategoryDeleted,
    CategoryReordered,
    CategoryUpdated,
    ProductCreated,
    ProductDeleted,
    ProductPublished,
    ProductUnpublished,
    ProductUpdated,
)
from apps.inventory.events import AvailableUpdated
from apps.pricing.events import PriceChanged, PriceCreated, PriceFacts, PriceRetired
from apps.search import services
from apps.search.types import OfferChange, StorefrontChanges
from ecommerce.clock import now
from ecommerce.events import Envelope, consumer
from ecommerce.events.registry import name_of

_SHOWN = tuple(map(name_of, (ProductCreated, ProductUpdated, ProductPublished)))
_HIDDEN = tuple(map(name_of, (ProductUnpublished, ProductDeleted)))
_GROWN = tuple(map(name_of, (CategoryCreated, CategoryUpdated, CategoryReordered)))


@consumer(
    "search.storefront",
    ProductCreated,
    ProductUpdated,
    ProductPublished,
    ProductUnpublished,
    ProductDeleted,
    CategoryCreated,
    CategoryUpdated,
    CategoryReordered,
    CategoryDeleted,
    PriceCreated,
    PriceChanged,
    PriceRetired,
    AvailableUpdated,
    tables=(
        "search_document",
        "search_sku",
        "search_offer",
        "search_stock",
        "search_listing",
        "search_shelf",
        "search_facetcount",
        "search_category",
    ),
)
def keep_storefront(events: Sequence[Envelope]) -> None:
    gathered = _Gathered()
    for event in events:
        gathered.add(event)
    services.apply_changes(gathered.changes(), now=now())


class _Gathered:
    """The last word of a batch on each thing, so that a busy SKU costs one write."""

    def __init__(self) -> None:
        self.products: dict[UUID, dict[str, Any]] = {}
        self.hidden: set[UUID] = set()
        self.offers: dict[UUID, OfferChange] = {}
        self.ended: dict[UUID, datetime] = {}
        self.stock: dict[UUID, int] = {}
        self.categories: dict[UUID, dict[str, Any]] = {}
        self.felled: set[UUID] = set()

    def add(self, event: Envelope) -> None:
        kind = event.event_type
        if kind in _SHOWN:
            self._show(event.payload)
        elif kind in _HIDDEN:
            self._hide(UUID(event.payload["productId"]))
        elif kind in _GROWN:
            self._grow(event.payload)
        elif kind == name_of(CategoryDeleted):
            self._fell(UUID(event.payload["categoryId"]))
        elif kind == name_of(AvailableUpdated):
            self.stock[UUID(event.payload["skuId"])] = event.payload["available"]
        else:
            self._price(event)

    def changes(self) -> StorefrontChanges:
        return StorefrontChanges(
            products=self.products,
            removed_products=frozenset(self.hidden),
            offers=self.offers,
            ended_offers=self.ended,
            stock=self.stock,
            categories=self.categories,
            removed_categories=frozenset(self.felled),
        )

    def _show(self, payload: dict[str, Any]) -> None:
        product_id = UUID(payload["productId"])
        self.products[product_id] = payload["product"]
        self.hidden.discard(product_id)

    def _hide(self, product_id: UUID) -> None:
        self.products.pop(product_id, None)
        self.hidden.add(product_id)

    def _grow(self, payload: dict[str, Any]) -> None:
        category_id = UUID(payload["categoryId"])
        self.categories[category_id] = payload["category"]
        self.felled.discard(category_id)

    def _fell(self, category_id: UUID) -> None:
        self.categories.pop(category_id, None)
        self.felled.add(category_id)

    def _price(self, event: Envelope) -> None:
        price = event.read(PriceFacts)
        self.offers[price.price_id] = _offer(price)
        if event.event_type == name_of(PriceChanged):
            previous = event.read(PriceChanged).previous_price_id
            if previous not in (None, price.price_id):
                self.ended[previous] = price.valid_from


def _offer(price: PriceFacts) -> OfferChange:
    return OfferChange(
        price_id=price.price_id,
        sku_id=price.sku_id,
        channel=price.channel,
        currency=price.currency,
        amount_minor=price.amount,
        compare_at_minor=price.compare_at,
        min_quantity=price.min_quantity,
        priority=price.priority,
        valid_from=price.valid_from,
        valid_until=price.valid_to,
    )
