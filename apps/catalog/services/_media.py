"""Keeping pictures."""

import hashlib
from datetime import datetime
from typing import IO
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from apps.catalog import models
from apps.catalog.domain.picture import MAX_BYTES, Picture, picture_of, renditions_of
from apps.catalog.errors import MediaNotFound
from apps.catalog.events import MediaUploaded
from apps.catalog.types import Media, MediaVariant
from ecommerce.dimensions import MERCHANT
from ecommerce.events import publish
from ecommerce.ids import new_id


def upload_media(
    *, file: IO[bytes], file_name: str, alt: str, now: datetime, merchant: str = MERCHANT
) -> Media:
    """Keep a picture with its smaller renditions; the same bytes again are the first picture.

    The store is written before the row, under names made of the content: a row never lacks its bytes,
    and a repeat after a crash writes the same. Raises MediaInvalid.
    """
    content = file.read(MAX_BYTES + 1)
    digest = hashlib.sha256(content).hexdigest()
    known = models.Media.objects.filter(merchant=merchant, sha256=digest).first()
    if known is not None:
        return _media(known)
    picture = picture_of(content)
    renditions = renditions_of(content)
    names = {name: _store(digest, name, one) for name, one in renditions.items()}
    row = models.Media(
        id=new_id(),
        merchant=merchant,
        file_name=file_name[-255:] or "picture",
        storage_name=_store(digest, "original", picture),
        alt=alt,
        content_type=picture.content_type,
        byte_size=len(content),
        width=picture.width,
        height=picture.height,
        sha256=digest,
        created_at=now,
    )
    return _record(row, renditions, names)


@transaction.atomic
def _record(row: models.Media, renditions: dict[str, Picture], names: dict[str, str]) -> Media:
    stored = models.Media.objects.bulk_create([row], ignore_conflicts=True)[0]
    kept = models.Media.objects.get(merchant=row.merchant, sha256=row.sha256)
    if kept.id != stored.id:
        return _media(kept)
    models.MediaVariant.objects.bulk_create(
        models.MediaVariant(
            media_id=row.id,
            name=name,
            storage_name=names[name],
            content_type=one.content_type,
            width=one.width,
            height=one.height,
            byte_size=len(one.content),
        )
        for name, one in renditions.items()
    )
    media = _media(row)
    publish(
        MediaUploaded(
            media_id=row.id,
            url=media.url,
            alt=row.alt,
            content_type=row.content_type,
            byte_size=row.byte_size,
            width=row.width,
            height=row.height,
            variants=media.variants,
        )
    )
    return media


def _store(digest: str, name: str, picture: Picture) -> str:
    path = f"media/{digest[:2]}/{digest}/{name}.{picture.extension}"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(picture.content))
    return path


def get_media(*, media_id: UUID) -> Media:
    """A picture with its renditions. Raises MediaNotFound."""
    row = models.Media.objects.filter(id=media_id).first()
    if row is None:
        raise MediaNotFound
    return _media(row)


def open_media(*, media_id: UUID, variant: str = "") -> tuple[str, IO[bytes]]:
    """Content type and bytes of a picture, or of one of its renditions. Raises MediaNotFound."""
    rows = (
        models.MediaVariant.objects.filter(media_id=media_id, name=variant)
        if variant
        else models.Media.objects.filter(id=media_id)
    )
    found = rows.values_list("content_type", "storage_name").first()
    if found is None or not default_storage.exists(found[1]):
        raise MediaNotFound
    return found[0], default_storage.open(found[1], "rb")


def media_url(media_id: UUID, variant: str = "") -> str:
    """Where a picture's bytes are, wherever the store is."""
    tail = f"variants/{variant}" if variant else "content"
    return f"/api/v1/media/{media_id}/{tail}"


def _media(row: models.Media) -> Media:
    variants = row.variants.order_by("width")
    return Media(
        media_id=row.id,
        url=media_url(row.id),
        file_name=row.file_name,
        alt=row.alt,
        content_type=row.content_type,
        byte_size=row.byte_size,
        width=row.width,
        height=row.height,
        sha256=row.sha256,
        created_at=row.created_at,
        variants=tuple(
            MediaVariant(
                name=one.name,
                url=media_url(row.id, one.name),
                content_type=one.content_type,
                width=one.width,
                height=one.height,
                byte_size=one.byte_size,
            )
            for one in variants
        ),
    )
