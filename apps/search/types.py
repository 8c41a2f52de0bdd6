"""What goes in and out of search: frozen plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from ecommerce.dimensions import CHANNEL, CURRENCY, LOCALE, MERCHANT

RELEVANCE = "relevance"
NEWEST = "newest"
PRICE_UP = "price"
PRICE_DOWN = "-price"
TITLE = "title"
SORTS = (RELEVANCE, NEWEST, PRICE_UP, PRICE_DOWN, TITLE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Market:
    """Where the shopper stands: what decides price, texts and assortment."""

    channel: str = CHANNEL
    currency: str = CURRENCY
    locale: str = LOCALE
    merchant: str = MERCHANT


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchProducts:
    """What to look for. Values of one filter widen it, filters together narrow it."""

    market: Market = field(default_factory=Market)
    text: str = ""
    category: str = ""
    """A category's id or its path (``home/kitchen``); everything below it counts."""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By facet name: ``brand``, ``tag``, ``option.<name>``, ``attribute.<name>``."""
    min_price_minor: int | None = None
    max_price_minor: int | None = None
    in_stock: bool = False
    sort: str = ""
    """One of SORTS; empty means by relevance with a text and newest first without."""
    size: int = 24
    after: tuple[Any, ...] | None = None
    """The sort key and product id of the last hit seen."""
    backwards: bool = False
    """The page that ends before ``after``."""
    with_facets: bool = True

    @property
    def narrows(self) -> bool:
        """Does it ask for less than all that the market, or the category, has?"""
        bounds = (self.min_price_minor, self.max_price_minor)
        wishes = (self.text, self.filters, self.in_stock)
        return any(wishes) or any(bound is not None for bound in bounds)


Place = tuple[Any, UUID]
"""Where a hit stands in the list: what the list is sorted by, and its product's id."""


class Hits(NamedTuple):
    """The products of a page as ready JSON, a list; a hit's ``price`` is the lowest of its SKUs now."""

    json: str
    found: int
    """How many there are; one more than were asked for tells that there are more."""
    first: Place | None
    last: Place | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FacetValue:
    """How many hits a filter would leave, were it the only one of its facet."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """One page of hits; ``more`` beyond it; the number of all and the facets over all, if asked for.

    Not ``exact``: so many products have the words that only the newest of them were ranked and counted.
    """

    sort: str
    hits: Hits
    more: bool
    total: int | None
    exact: bool
    facets: Mapping[str, tuple[FacetValue, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """A completion of what was typed."""

    kind: str
    """``product``, ``category`` or ``brand``."""
    text: str
    target: str
    """The product's slug, the category's path, or the brand."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferChange:
    """A price as pricing told it last."""

    price_id: UUID
    sku_id: UUID
    channel: str
    currency: str
    amount_minor: int
    compare_at_minor: int | None
    min_quantity: int
    priority: int
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StorefrontChanges:
    """What a batch of events changed, the last word on each thing only.

    ``products`` are whole snapshots as catalog tells them (camelCase JSON) by id.
    """

    products: Mapping[UUID, Mapping[str, Any]] = field(default_factory=dict)
    removed_products: frozenset[UUID] = frozenset()
    offers: Mapping[UUID, OfferChange] = field(default_factory=dict)
    ended_offers: Mapping[UUID, datetime] = field(default_factory=dict)
    """When another price took over from each of these."""
    stock: Mapping[UUID, int] = field(default_factory=dict)
    categories: Mapping[UUID, Mapping[str, Any]] = field(default_factory=dict)
    removed_categories: frozenset[UUID] = frozenset()
