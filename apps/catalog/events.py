"""The facts that the catalog announces.

Events of a product and of its SKUs share the product's key, so they keep one order. Every change of
a SKU is also told as a ``product.updated`` with the whole product: a read model of storefront
documents needs ``product.*`` only, and shows a product when ``product.status`` is PUBLISHED.
"""

from dataclasses import dataclass
from uuid import UUID

from apps.catalog.types import Category, MediaVariant, Product, ProductSku
from ecommerce.dimensions import CHANNEL, LOCATION, SELLER
from ecommerce.events.registry import event


@event("ecommerce.catalog.product.created.v1", key="product_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ProductCreated:
    """A product exists, in the state that ``product.status`` says."""

    product_id: UUID
    product: Product


@event("ecommerce.catalog.product.updated.v1", key="product_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ProductUpdated:
    """A product, its texts or one of its SKUs changed."""

    product_id: UUID
    product: Product
    changes: tuple[str, ...]


@event("ecommerce.catalog.product.published.v1", key="product_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ProductPublished:
    """Shoppers may see and buy the product."""

    product_id: UUID
    product: Product


@event("ecommerce.catalog.product.unpublished.v1", key="product_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ProductUnpublished:
    """Shoppers no longer see the product."""

    product_id: UUID
    slug: str
    sku_ids: tuple[UUID, ...]
    reason: str
    version: int


@event("ecommerce.catalog.product.deleted.v1", key="product_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ProductDeleted:
    """The product and its SKUs are gone from the catalog (its row is kept as ARCHIVED)."""

    product_id: UUID
    slug: str
    sku_ids: tuple[UUID, ...]
    reason: str
    version: int


@event("ecommerce.catalog.product.state_changed.v1", key="product_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ProductStateChanged:
    """A product went from one status to another."""

    product_id: UUID
    from_status: str
    to_status: str
    version: int


@event("ecommerce.catalog.sku.created.v1", key="product_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class SkuCreated:
    """A product has a new SKU."""

    sku_id: UUID
    product_id: UUID
    sku: ProductSku


@event("ecommerce.catalog.sku.updated.v1", key="product_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class SkuUpdated:
    """A SKU changed; a deprecated one that comes back is told so too."""

    sku_id: UUID
    product_id: UUID
    sku: ProductSku
    changes: tuple[str, ...]


@event("ecommerce.catalog.sku.deprecated.v1", key="product_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class SkuDeprecated:
    """A SKU is no longer for sale."""

    sku_id: UUID
    product_id: UUID
    code: str
    reason: str


@event("ecommerce.catalog.sku.deleted.v1", key="product_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class SkuDeleted:
    """A SKU went with its product."""

    sku_id: UUID
    product_id: UUID
    code: str


@event("ecommerce.catalog.category.created.v1", key="merchant")
@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryCreated:
    """The tree has a new category."""

    merchant: str
    category_id: UUID
    category: Category


@event("ecommerce.catalog.category.updated.v1", key="merchant")
@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryUpdated:
    """A category's texts or, after a move above it, its path changed."""

    merchant: str
    category_id: UUID
    category: Category


@event("ecommerce.catalog.category.deleted.v1", key="merchant")
@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryDeleted:
    """A category without children or products is gone."""

    merchant: str
    category_id: UUID
    path: str


@event("ecommerce.catalog.category.reordered.v1", key="merchant")
@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryReordered:
    """A category has another parent or another place among its siblings.

    Each descendant whose path changed by it is told as a category.updated of its own.
    """

    merchant: str
    category_id: UUID
    category: Category
    from_parent_id: UUID | None
    from_position: int


@event("ecommerce.catalog.media.uploaded.v1", key="media_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class MediaUploaded:
    """A picture is in the store."""

    media_id: UUID
    url: str
    alt: str
    content_type: str
    byte_size: int
    width: int
    height: int
    variants: tuple[MediaVariant, ...]


@event("ecommerce.catalog.import.started.v1", key="import_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ImportStarted:
    """An import of products began."""

    import_id: UUID
    format: str
    currency: str
    dry_run: bool


@event("ecommerce.catalog.import.completed.v1", key="import_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ImportCompleted:
    """An import read its file to the end. Counts are products; ``rows`` are rows of the file."""

    import_id: UUID
    dry_run: bool
    rows: int
    created: int
    updated: int
    unchanged: int
    refused: int


@event("ecommerce.catalog.import.failed.v1", key="import_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ImportFailed:
    """An import cannot go on; what it did before stays done."""

    import_id: UUID
    error: str
    rows: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedPrice:
    """What a file says that a SKU costs, in minor units."""

    currency: str
    amount_minor: int
    compare_at_minor: int | None = None


@event("ecommerce.catalog.import.offers_received.v1", key="sku_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class OffersReceived:
    """An imported file told prices or a stock count of a SKU.

    The catalog keeps neither; pricing and inventory apply them. Told only when the file says
    something else than the last file did. Idempotent by (import_id, sku_id).
    """

    import_id: UUID
    sku_id: UUID
    sku_code: str
    product_id: UUID
    prices: tuple[OfferedPrice, ...] = ()
    on_hand: int | None = None
    """Units counted at the location; None means that the file does not say."""
    channel: str = CHANNEL
    location: str = LOCATION
    seller: str = SELLER
