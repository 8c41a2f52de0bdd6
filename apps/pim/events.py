"""The facts that product information announces."""

from dataclasses import dataclass
from uuid import UUID

from ecommerce.events.registry import event


@event("ecommerce.pim.content.draft_saved.v1", key="product_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ContentDraftSaved:
    """An editor saved a new version of a product's texts; shoppers do not see it yet."""

    content_id: UUID
    product_id: UUID
    locale: str
    channel: str
    version: int


@event("ecommerce.pim.content.published.v1", key="product_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ContentPublished:
    """A version of a product's texts is what shoppers are to see."""

    content_id: UUID
    product_id: UUID
    locale: str
    channel: str
    version: int
    title: str
    description: str
    bullets: tuple[str, ...]
    seo_title: str
    seo_description: str
