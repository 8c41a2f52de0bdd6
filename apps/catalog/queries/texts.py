"""The texts by locale and channel."""

from dataclasses import asdict
from uuid import UUID

import msgspec
from django.db import connection

from apps.catalog.types import LocalizedText


def keep_text(product_id: UUID, text: LocalizedText) -> bool:
    """Store the texts of a locale and channel; False where the same or later ones are there already."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO catalog_localizedtext AS known (product_id, locale, channel, title,
                description, bullets, seo_title, seo_description, version)
            VALUES (%(product_id)s, %(locale)s, %(channel)s, %(title)s, %(description)s,
                %(bullets)s, %(seo_title)s, %(seo_description)s, %(version)s)
            ON CONFLICT (product_id, locale, channel) DO UPDATE SET title = excluded.title,
                description = excluded.description, bullets = excluded.bullets,
                seo_title = excluded.seo_title, seo_description = excluded.seo_description,
                version = excluded.version
            WHERE known.version < excluded.version
            """,
            asdict(text)
            | {"product_id": product_id, "bullets": msgspec.json.encode(text.bullets).decode()},
        )
        return bool(cursor.rowcount)
