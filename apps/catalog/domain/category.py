"""What a category must be like."""

from collections.abc import Iterator
from dataclasses import replace

from apps.catalog.domain.product import text_faults
from apps.catalog.domain.slug import is_slug, slug_of
from apps.catalog.types import CategoryFields
from ecommerce.errors import Fault
from ecommerce.html import safe_html
from ecommerce.locales import is_locale

MAX_DEPTH = 32
MAX_PATH_BYTES = 2000
_TEXTS = {"name": 255, "slug": 255, "description": 100_000, "seo_title": 512}


def category_faults(fields: CategoryFields) -> list[Fault]:
    """Everything that is wrong with a category's fields."""
    texts = [
        *((name, getattr(fields, name), limit) for name, limit in _TEXTS.items()),
        ("seoDescription", fields.seo_description, 10_000),
        ("externalId", fields.external_id or "", 128),
        *((f"names/{locale}", name, 255) for locale, name in fields.names.items()),
    ]
    return [*(fault for text in texts for fault in text_faults(*text)), *_naming_faults(fields)]


def tidied_category(fields: CategoryFields) -> CategoryFields:
    """As it is stored: without HTML that can run."""
    return replace(fields, description=safe_html(fields.description))


def path_fault(path: tuple[str, ...]) -> str:
    """Why there can be no categories of these names, one under the other; empty if there can."""
    if len(path) > MAX_DEPTH:
        return f"is deeper than {MAX_DEPTH} levels"
    faults = [fault.detail for name in path for fault in category_faults(CategoryFields(name=name))]
    if not faults and sum(len(slug_of(name).encode()) + 5 for name in path) > MAX_PATH_BYTES:
        return "is too long a path"
    return faults[0] if faults else ""


def _naming_faults(fields: CategoryFields) -> Iterator[Fault]:
    if not fields.name.strip():
        yield Fault(pointer="/name", detail="must not be empty", code="blank")
    if not fields.name.isprintable():
        yield Fault(pointer="/name", detail="has a line break or a control character", code="text")
    if fields.slug and not is_slug(fields.slug):
        yield Fault(pointer="/slug", detail="must be letters, digits, - _ . only", code="slug")
    if fields.external_id == "":
        yield Fault(pointer="/externalId", detail="must not be empty", code="blank")
    for locale in fields.names:
        if not is_locale(locale):
            yield Fault(pointer="/names", detail=f"{locale[:40]!r} is no locale", code="locale")
