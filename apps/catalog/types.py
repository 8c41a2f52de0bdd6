"""What goes in and out of the catalog: frozen plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from ecommerce.dimensions import MERCHANT, SELLER

DRAFT = "DRAFT"
PUBLISHED = "PUBLISHED"
UNPUBLISHED = "UNPUBLISHED"
ARCHIVED = "ARCHIVED"
ACTIVE = "ACTIVE"
DEPRECATED = "DEPRECATED"
MAX_OPTIONS = 5

Attribute: TypeAlias = str | int | float | bool | tuple[str, ...]
"""A value of a free attribute: text, number, yes/no, or several texts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MediaRef:
    """A picture of a product: one of ours (``media_id``) or one that lives elsewhere."""

    url: str
    alt: str = ""
    media_id: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalizedText:
    """A product's texts for one locale (BCP 47) and channel, as last published.

    An empty one falls back. Those of the default locale and channel became the product's own, where all
    ends; what the product says of itself by now counts more than what is kept of them here.
    """

    locale: str
    channel: str
    title: str = ""
    description: str = ""
    bullets: tuple[str, ...] = ()
    seo_title: str = ""
    seo_description: str = ""
    version: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductSku:
    """A SKU as a part of its product."""

    sku_id: UUID
    product_id: UUID
    code: str
    title: str
    options: dict[str, str]
    barcode: str
    weight_grams: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    hs_code: str
    country_of_origin: str
    tax_class: str
    requires_shipping: bool
    seller: str
    status: str
    image: str | None
    position: int
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def id(self) -> UUID:
        return self.sku_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Product:
    """A whole product: enough to build a storefront document from it alone."""

    product_id: UUID
    merchant: str
    seller: str
    external_id: str | None
    slug: str
    title: str
    description: str
    brand: str
    product_type: str
    tags: tuple[str, ...]
    status: str
    category_ids: tuple[UUID, ...]
    attributes: dict[str, Attribute]
    media: tuple[MediaRef, ...]
    option_names: tuple[str, ...]
    seo_title: str
    seo_description: str
    texts: tuple[LocalizedText, ...]
    skus: tuple[ProductSku, ...]
    version: int
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None

    @property
    def id(self) -> UUID:
        return self.product_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Sku:
    """What the rooms above need to know of a SKU to price, store, sell and ship it."""

    id: UUID
    code: str
    product_id: UUID
    product_title: str
    title: str
    options: Mapping[str, str]
    barcode: str
    weight_grams: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    hs_code: str
    tax_class: str
    seller: str
    category_ids: tuple[UUID, ...]
    sellable: bool
    """The product is published and the SKU active."""
    image: str | None
    country_of_origin: str = ""
    requires_shipping: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Category:
    """A node of the category tree."""

    category_id: UUID
    merchant: str
    parent_id: UUID | None
    name: str
    slug: str
    path: str
    """The slugs from the root, joined by ``/``."""
    ancestor_ids: tuple[UUID, ...]
    """From the root down to the parent."""
    position: int
    description: str
    seo_title: str
    seo_description: str
    names: dict[str, str]
    """The name by locale (BCP 47), where it differs."""
    external_id: str | None
    version: int

    @property
    def id(self) -> UUID:
        return self.category_id


@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryNode:
    """A category with the tree under it."""

    category: Category
    children: tuple["CategoryNode", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Crumb:
    """One step of a breadcrumb trail."""

    category_id: UUID
    name: str
    slug: str
    path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryDetail:
    """A category and the way to it, from the root down to itself."""

    category: Category
    breadcrumbs: tuple[Crumb, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class MediaVariant:
    """A smaller rendition of a picture."""

    name: str
    url: str
    content_type: str
    width: int
    height: int
    byte_size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Media:
    """An uploaded picture."""

    media_id: UUID
    url: str
    file_name: str
    alt: str
    content_type: str
    byte_size: int
    width: int
    height: int
    sha256: str
    variants: tuple[MediaVariant, ...]
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SkuFields:
    """Everything about a SKU that a caller may set. None of a measure means unknown."""

    code: str
    options: Mapping[str, str] = field(default_factory=dict)
    """One value for each option name of the product."""
    barcode: str = ""
    weight_grams: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    hs_code: str = ""
    country_of_origin: str = ""
    tax_class: str = "standard"
    requires_shipping: bool = True
    image: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductFields:
    """Everything about a product that a caller may set. An empty slug is made from the title."""

    title: str
    slug: str = ""
    description: str = ""
    brand: str = ""
    product_type: str = ""
    tags: tuple[str, ...] = ()
    category_ids: tuple[UUID, ...] = ()
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    media: tuple[MediaRef, ...] = ()
    option_names: tuple[str, ...] = ()
    seo_title: str = ""
    seo_description: str = ""
    external_id: str | None = None
    seller: str = SELLER
    merchant: str = MERCHANT


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductFilter:
    """Which products a list is asked for; what is not told does not narrow it."""

    status: str = ""
    category: UUID | None = None
    """In this category or below it."""
    brand: str = ""
    slug: str = ""
    q: str = ""
    """A part of the title, of the slug, or a SKU's code or barcode."""
    updated_since: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SkuFilter:
    """Which SKUs a list is asked for."""

    product_id: UUID | None = None
    code: str = ""
    barcode: str = ""
    status: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryFields:
    """Everything about a category that a caller may set, its place in the tree aside."""

    name: str
    slug: str = ""
    description: str = ""
    seo_title: str = ""
    seo_description: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    external_id: str | None = None
