"""Taking over texts that were published elsewhere."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.catalog import models
from apps.catalog.queries.texts import keep_text
from apps.catalog.services._products import announce_update, touch_product
from apps.catalog.types import ARCHIVED, LocalizedText
from ecommerce.events.replaying_now import replaying
from ecommerce.html import safe_html
from ecommerce.locales import OWN_PLACE

_OWN = ("title", "description", "seo_title", "seo_description")


@transaction.atomic
def apply_texts(*, product_id: UUID, text: LocalizedText, now: datetime) -> None:
    """Keep the texts of a locale and channel for the product, and tell of it.

    Those of the default locale and channel become the product's own texts, the empty ones aside. Texts
    older than the known ones are no news, nor are those of a product that is gone.
    """
    text = replace(text, description=safe_html(text.description))
    if keep_text(product_id, text) and not replaying():
        _tell(product_id, text, now)


def _tell(product_id: UUID, text: LocalizedText, now: datetime) -> None:
    row = models.Product.objects.select_for_update().filter(id=product_id).first()
    if row is None or row.status == ARCHIVED:
        return
    own = _make_own(row, text) if (text.locale, text.channel) == OWN_PLACE else []
    touch_product(row, now)
    announce_update(product_id, ["texts", *own])


def _make_own(row: models.Product, text: LocalizedText) -> list[str]:
    """The names of the product's own texts that changed by it."""
    told = {name: getattr(text, name) for name in _OWN if getattr(text, name).strip()}
    changed = [name for name in told if getattr(row, name) != told[name]]
    for name in changed:
        setattr(row, name, told[name])
    return changed
