"""What the catalog takes over from the rooms above."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.catalog import services
from apps.catalog.types import LocalizedText
from ecommerce.clock import now
from ecommerce.events import Envelope, consumer


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedTexts:
    """What we need of ``ecommerce.pim.content.published``."""

    product_id: UUID
    locale: str
    channel: str
    version: int
    title: str
    description: str
    bullets: tuple[str, ...]
    seo_title: str
    seo_description: str


@consumer(
    "catalog.localized_texts",
    "ecommerce.pim.content.published.v1",
    tables=("catalog_localizedtext",),
)
def take_over_texts(events: Sequence[Envelope]) -> None:
    """Put published texts onto their products."""
    for event in events:
        told = event.read(PublishedTexts)
        text = LocalizedText(
            locale=told.locale,
            channel=told.channel,
            title=told.title,
            description=told.description,
            bullets=told.bullets,
            seo_title=told.seo_title,
            seo_description=told.seo_description,
            version=told.version,
        )
        services.apply_texts(product_id=told.product_id, text=text, now=now())
