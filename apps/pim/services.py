"""What product information does: draft, keep every version, publish, fall back."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction

from apps.accounts.errors import ChannelNotFound
from apps.accounts.services import get_channel
from apps.catalog import services as catalog
from apps.pim import models, queries
from apps.pim.domain.content import content_faults, is_empty
from apps.pim.domain.fallback import resolve
from apps.pim.errors import (
    ContentChanged,
    ContentInvalid,
    ContentNotFound,
    ContentVersionRequired,
    NothingToPublish,
)
from apps.pim.events import ContentDraftSaved, ContentPublished
from apps.pim.types import Content, ContentKey, ContentVersion, ResolvedText, Texts
from ecommerce.audit import record
from ecommerce.errors import Fault
from ecommerce.events import publish
from ecommerce.html import safe_html
from ecommerce.identity import Viewer


def get_content(*, key: ContentKey, version: int | None = None) -> Content:
    """A version of a product's texts, the latest draft if none is told. Raises ContentNotFound."""
    found = queries.content_at(key, version)
    if found is None:
        raise ContentNotFound
    return found


def content_history(*, key: ContentKey) -> list[ContentVersion]:
    """Every version that was saved, newest first. Raises ContentNotFound."""
    return queries.history_of(get_content(key=key).content_id)


def resolve_content(*, key: ContentKey) -> tuple[ResolvedText, ...]:
    """What shoppers of a locale and channel see of a product, field by field, and why.

    Raises ContentNotFound for an unknown product, ContentInvalid for what is no locale or channel.
    """
    _refuse(key, Texts())
    product = catalog.get_products(ids=[key.product_id]).get(key.product_id)
    if product is None:
        raise ContentNotFound
    own = {
        "title": product.title,
        "description": product.description,
        "seo_title": product.seo_title,
        "seo_description": product.seo_description,
    }
    return resolve(
        queries.published_of(key.product_id), locale=key.locale, channel=key.channel, product=own
    )


@transaction.atomic
def save_draft(
    *, key: ContentKey, texts: Texts, expected_version: int | None, viewer: Viewer, now: datetime
) -> Content:
    """Keep the texts as a new version, which shoppers do not see yet; of HTML, what cannot run.

    The first version needs no ``expected_version``, each later one the version that it follows. The
    same texts again are no new version. Raises ContentInvalid, ContentNotFound (the product),
    ContentVersionRequired, ContentChanged.
    """
    texts = replace(texts, description=safe_html(texts.description))
    _refuse(key, texts)
    if key.product_id not in catalog.get_products(ids=[key.product_id]):
        raise ContentNotFound("There is no such product.")
    row = _locked(key, now)
    _check_version(row, expected_version)
    latest = row.versions.filter(version=row.version).first()
    if latest is not None and queries.content_of(row, latest).texts == texts:
        return queries.content_of(row, latest)
    row.version += 1
    row.updated_at = now
    row.save(update_fields=["version", "updated_at"])
    saved = models.ContentVersion.objects.create(
        content=row, version=row.version, saved_at=now, saved_by=viewer.user_id, **_columns(texts)
    )
    publish(
        ContentDraftSaved(
            content_id=row.id,
            product_id=row.product_id,
            locale=row.locale,
            channel=row.channel,
            version=row.version,
        )
    )
    return queries.content_of(row, saved)


@transaction.atomic
def approve_content(
    *, key: ContentKey, expected_version: int | None, viewer: Viewer, now: datetime
) -> Content:
    """Publish the latest version. Published already: nothing happens.

    The catalog takes the texts over by event. Raises ContentNotFound, ContentChanged, NothingToPublish.
    """
    row = _existing(key)
    if row is None:
        raise ContentNotFound
    if expected_version is not None and expected_version != row.version:
        raise ContentChanged(f"It is at version {row.version} now.", version=row.version)
    latest = queries.content_of(row, row.versions.get(version=row.version))
    if row.published_version == row.version:
        return latest
    if is_empty(latest.texts):
        raise NothingToPublish
    row.published_version = row.version
    row.updated_at = now
    row.save(update_fields=["published_version", "updated_at"])
    row.publications.create(version=row.version, published_at=now, published_by=viewer.user_id)
    _announce(row, latest.texts, viewer)
    return get_content(key=key)


def _announce(row: models.Content, texts: Texts, viewer: Viewer) -> None:
    publish(
        ContentPublished(
            content_id=row.id,
            product_id=row.product_id,
            locale=row.locale,
            channel=row.channel,
            version=row.version,
            **asdict(texts),
        )
    )
    record(
        action="pim.content.published",
        entity_type="product",
        entity_id=row.product_id,
        actor=viewer,
        changes={"locale": row.locale, "channel": row.channel, "version": row.version},
    )


def _locked(key: ContentKey, now: datetime) -> models.Content:
    """The row of these texts, made if it is not there, held until the transaction ends."""
    models.Content.objects.bulk_create(
        [
            models.Content(
                product_id=key.product_id,
                locale=key.locale,
                channel=key.channel,
                version=0,
                created_at=now,
                updated_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    row = _existing(key)
    if row is None:
        raise ContentNotFound
    return row


def _existing(key: ContentKey) -> models.Content | None:
    rows = models.Content.objects.select_for_update()
    return rows.filter(product_id=key.product_id, locale=key.locale, channel=key.channel).first()


def _check_version(row: models.Content, expected_version: int | None) -> None:
    if expected_version is None and row.version > 0:
        raise ContentVersionRequired
    if expected_version is not None and expected_version != row.version:
        raise ContentChanged(f"It is at version {row.version} now.", version=row.version)


def _columns(texts: Texts) -> dict[str, object]:
    return {**asdict(texts), "bullets": list(texts.bullets)}


def _refuse(key: ContentKey, texts: Texts) -> None:
    faults = [*content_faults(key, texts), *_channel_faults(key.channel)]
    if faults:
        raise ContentInvalid(faults=faults)


def _channel_faults(channel: str) -> Iterator[Fault]:
    try:
        get_channel(channel)
    except ChannelNotFound as unknown:
        yield Fault(pointer="/channel", detail=unknown.detail, code=unknown.code)
