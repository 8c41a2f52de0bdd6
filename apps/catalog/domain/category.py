"""What a category must be like."""

from collections.abc import Iterator

from apps.catalog.domain.locale import is_locale
from apps.catalog.domain.product import text_faults
from apps.catalog.domain.slug import is_slug
from apps.catalog.types import CategoryFields
from ecommerce.errors import Fault

_TEXTS = {"name": 255, "slug": 255, "description": 100_000, "seo_title": 512}


def category_faults(fields: CategoryFields) -> list[Fault]:
    """Everything that is wrong with a category's fields."""
    return [
        *text_faults((name, getattr(fields, name), limit) for name, limit in _TEXTS.items()),
        *text_faults((("seoDescription", fields.seo_description, 10_000),)),
        *text_faults((("externalId", fields.external_id or "", 128),)),
        *text_faults((f"names/{locale}", name, 255) for locale, name in fields.names.items()),
        *_naming_faults(fields),
    ]


def _naming_faults(fields: CategoryFields) -> Iterator[Fault]:
    if not fields.name.strip():
        yield Fault(pointer="/name", detail="must not be empty", code="blank")
    if fields.slug and not is_slug(fields.slug):
        yield Fault(pointer="/slug", detail="must be letters, digits, - _ . only", code="slug")
    if fields.external_id == "":
        yield Fault(pointer="/externalId", detail="must not be empty", code="blank")
    for locale in fields.names:
        if not is_locale(locale):
            yield Fault(pointer="/names", detail=f"{locale[:40]!r} is no locale", code="locale")
