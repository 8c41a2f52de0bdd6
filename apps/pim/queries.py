"""Reads of product texts."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import F

from apps.pim import models
from apps.pim.types import Content, ContentKey, ContentVersion, Texts


def content_at(key: ContentKey, version: int | None) -> Content | None:
    """A version of the texts, the latest if none is told: one statement."""
    rows = models.ContentVersion.objects.select_related("content").filter(
        content__product_id=key.product_id,
        content__locale=key.locale,
        content__channel=key.channel,
    )
    rows = rows.filter(version=F("content__version") if version is None else version)
    return next(_contents(rows), None)


def published_of(product_id: UUID) -> list[Content]:
    """The published texts of a product, in all locales and channels: one statement."""
    rows = models.ContentVersion.objects.select_related("content").filter(
        content__product_id=product_id, version=F("content__published_version")
    )
    return list(_contents(rows.order_by("content__locale", "content__channel")))


def history_of(content_id: UUID) -> list[ContentVersion]:
    """Every version with its last publication, newest first: two statements."""
    publications = models.Publication.objects.filter(content_id=content_id).order_by("id")
    live = {one.version: one for one in publications}
    rows = models.ContentVersion.objects.filter(content_id=content_id).order_by("-version")
    return [
        ContentVersion(
            version=row.version,
            saved_at=row.saved_at,
            saved_by=row.saved_by,
            published_at=live[row.version].published_at if row.version in live else None,
            published_by=live[row.version].published_by if row.version in live else None,
        )
        for row in rows.only("version", "saved_at", "saved_by")
    ]


def _contents(rows: "Iterable[models.ContentVersion]") -> Iterator[Content]:
    for row in rows:
        yield content_of(row.content, row)


def content_of(content: models.Content, row: models.ContentVersion) -> Content:
    """A version as plain data."""
    return Content(
        content_id=content.id,
        product_id=content.product_id,
        locale=content.locale,
        channel=content.channel,
        texts=Texts(
            title=row.title,
            description=row.description,
            bullets=tuple(row.bullets),
            seo_title=row.seo_title,
            seo_description=row.seo_description,
        ),
        version=row.version,
        latest_version=content.version,
        published_version=content.published_version,
        saved_at=row.saved_at,
        saved_by=row.saved_by,
    )
