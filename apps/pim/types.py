"""What goes in and out of product information: frozen plain data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ecommerce.dimensions import CHANNEL, LOCALE


@dataclass(frozen=True, kw_only=True, slots=True)
class ContentKey:
    """Which texts: of which product, in which language (BCP 47), for which channel."""

    product_id: UUID
    locale: str = LOCALE
    channel: str = CHANNEL


@dataclass(frozen=True, kw_only=True, slots=True)
class Texts:
    """The texts themselves. An empty one falls back to a wider locale."""

    title: str = ""
    description: str = ""
    bullets: tuple[str, ...] = ()
    seo_title: str = ""
    seo_description: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """One version of the texts."""

    content_id: UUID
    product_id: UUID
    locale: str
    channel: str
    texts: Texts
    version: int
    latest_version: int
    published_version: int | None
    saved_at: datetime
    saved_by: UUID | None

    @property
    def state(self) -> str:
        """DRAFT until this very version is what shoppers see."""
        return "PUBLISHED" if self.version == self.published_version else "DRAFT"


@dataclass(frozen=True, kw_only=True, slots=True)
class ContentVersion:
    """An entry of the history."""

    version: int
    saved_at: datetime
    saved_by: UUID | None
    published_at: datetime | None
    published_by: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ResolvedText:
    """A text as shoppers of a locale and channel see it, and where it comes from."""

    field: str
    value: Any
    rule: str
    """``own``, ``locale-fallback``, ``default-locale``, ``channel-fallback``, ``product`` or ``missing``."""
    locale: str | None = None
    channel: str | None = None
    version: int | None = None
