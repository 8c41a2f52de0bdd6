"""What each constraint of the database means to a caller."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from apps.catalog.errors import (
    CategoryNameTaken,
    CategoryTooDeep,
    ExternalIdTaken,
    OptionsTaken,
    SkuCodeTaken,
    SlugTaken,
)
from ecommerce.errors import ShopError

_REFUSALS: dict[str, type[ShopError]] = {
    "catalog_product_slug_unique": SlugTaken,
    "catalog_product_external_id_unique": ExternalIdTaken,
    "catalog_sku_code_unique": SkuCodeTaken,
    "catalog_sku_options_unique": OptionsTaken,
    "catalog_category_slug_unique": SlugTaken,
    "catalog_category_name_unique": CategoryNameTaken,
    "catalog_category_depth": CategoryTooDeep,
    "catalog_category_external_id_unique": ExternalIdTaken,
}


@contextmanager
def named_refusals() -> Iterator[None]:
    """Turn the breach of a constraint that a caller can cause into the refusal that it means."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        refusal = _REFUSALS.get(constraint_of(error))
        if refusal is None:
            raise
        raise refusal from error


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that was broken."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None) or ""
