"""Taking over texts that were published elsewhere."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.catalog import models
from apps.catalog.services._products import announce_update, touch_product
from apps.catalog.types import ARCHIVED, LocalizedText


@transaction.atomic
def apply_texts(*, product_id: UUID, text: LocalizedText, now: datetime) -> bool:
    """Put the texts of a locale and channel onto the product; False if that is no news.

    An older version than the product has, or a product that is gone, is no news.
    """
    row = models.Product.objects.select_for_update().filter(id=product_id).first()
    if row is None or row.status == ARCHIVED:
        return False
    place = (text.locale, text.channel)
    texts = {(known["locale"], known["channel"]): known for known in row.texts}
    if place in texts and texts[place]["version"] >= text.version:
        return False
    texts[place] = asdict(text)
    row.texts = [texts[key] for key in sorted(texts)]
    touch_product(row, now)
    announce_update(product_id, ["texts"])
    return True
