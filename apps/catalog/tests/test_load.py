"""What a generator made is stored as it was made."""

from dataclasses import replace
from uuid import UUID

import pytest

from apps.catalog import services
from apps.catalog.tests.factories import NOW, a_product
from apps.catalog.types import CategoryFields, MediaRef, Product, SkuFields
from ecommerce.events.testing import published
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db
NASTY = 'tab\t back\\slash "quote" {brace} \r\nnew, line \\N'


def copied(product: Product, number: int) -> Product:
    """Another product, the same but for what must differ."""
    product_id = new_id()
    skus = tuple(
        replace(sku, sku_id=new_id(), product_id=product_id, code=f"{sku.code}-{number}")
        for sku in product.skus
    )
    slug = f"{product.slug}-{number}"
    return replace(product, product_id=product_id, slug=slug, skus=skus)


def test_loaded_products_are_what_was_given_and_are_told_of() -> None:
    category = services.create_category(CategoryFields(name="Home"), parent_id=None, now=NOW)
    model = a_product(
        SkuFields(code="A", options={"Size": 'L"\\'}, weight_grams=3, image="/a.png"),
        SkuFields(code="B", options={"Size": "{S}"}, country_of_origin="PT"),
        title="Mug",
        description=NASTY,
        option_names=("Size",),
        tags=("a b", '"'),
        attributes={"n": 1.5, "t": NASTY, "l": ("x", "y"), "b": True},
        media=(MediaRef(url="/a.png", alt=NASTY.strip()),),
        category_ids=(category.category_id,),
        published=True,
    )
    wanted = {p.product_id: p for p in (copied(model, n) for n in range(5))}
    events = len(published())

    assert services.load_products(iter(wanted.values())) == 5

    found: dict[UUID, Product] = services.get_products(ids=list(wanted))
    assert found == wanted
    assert len(published()) - events == 5 + 10
