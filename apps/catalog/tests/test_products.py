"""Products: created, changed, shown and taken away."""

from typing import Any

import pytest

from apps.catalog import services
from apps.catalog.errors import (
    NotPublishable,
    ProductArchived,
    ProductChanged,
    ProductInvalid,
    ProductNotFound,
    SlugTaken,
)
from apps.catalog.tests.factories import NOW, a_product
from apps.catalog.types import MediaRef, ProductFields, SkuFields
from ecommerce.events.testing import published
from ecommerce.identity import SYSTEM, Viewer
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


def told() -> list[str]:
    return [event.event_type.removeprefix("ecommerce.catalog.") for event in published()]


def test_a_new_product_is_a_draft_with_a_slug_from_its_title() -> None:
    product = services.create_product(
        ProductFields(
            title="Crème Brûlée Dish (2 pcs)",
            tags=("kitchen",),
            attributes={"colour": "white", "oven": True, "diameter": 12.5, "parts": ("a", "b")},
            media=(MediaRef(url="https://example.org/1.jpg", alt="The dish"),),
        ),
        now=NOW,
    )

    assert (product.status, product.slug, product.version) == (
        "DRAFT",
        "creme-brulee-dish-2-pcs",
        1,
    )
    assert product.attributes["parts"] == ("a", "b")
    assert product.media == (MediaRef(url="https://example.org/1.jpg", alt="The dish"),)
    assert told() == ["product.created.v1"]
    assert published()[0].payload["product"]["slug"] == "creme-brulee-dish-2-pcs"


def test_the_same_title_twice_gets_a_number_but_a_told_slug_is_refused() -> None:
    a_product(title="Mug")

    assert a_product(title="Mug").slug == "mug-2"
    assert a_product(title="Mug").slug == "mug-3"
    with pytest.raises(SlugTaken):
        a_product(title="Other", slug="mug")


def test_every_fault_of_a_product_is_named_at_once() -> None:
    with pytest.raises(ProductInvalid) as refused:
        services.create_product(
            ProductFields(
                title=" ",
                slug="a/b",
                option_names=("Size", "size"),
                media=(MediaRef(url="javascript:alert(1)"),),
                attributes={"x": float("nan")},
                category_ids=(),
            ),
            now=NOW,
        )

    assert {fault.pointer for fault in refused.value.faults} == {
        "/title",
        "/slug",
        "/optionNames",
        "/media/0/url",
        "/attributes/x",
    }


def test_an_update_is_a_new_version_and_tells_what_changed() -> None:
    product = a_product(title="Mug")

    changed = services.update_product(
        product_id=product.product_id,
        changes={"title": "Big mug", "brand": "Clay"},
        expected_version=product.version,
        now=NOW,
    )

    assert (changed.title, changed.brand, changed.version) == (
        "Big mug",
        "Clay",
        product.version + 1,
    )
    assert published()[-1].payload["changes"] == ["title", "brand"]
    assert published()[-1].payload["product"]["skus"][0]["code"] == product.skus[0].code


def test_an_update_that_changes_nothing_is_neither_a_version_nor_an_event() -> None:
    product = a_product(title="Mug")
    before = len(published())

    same = services.update_product(
        product_id=product.product_id, changes={"title": "Mug"}, expected_version=None, now=NOW
    )

    assert same == product
    assert len(published()) == before


def test_a_product_of_nobody_is_refused() -> None:
    product = a_product(title="Mug")

    with pytest.raises(ProductInvalid) as refused:
        a_product(title="Soap", seller="other")
    assert [fault.pointer for fault in refused.value.faults] == ["/seller"]
    with pytest.raises(ProductInvalid):
        services.update_product(
            product_id=product.product_id,
            changes={"seller": "other"},
            expected_version=None,
            now=NOW,
        )

    assert services.get_products(ids=[product.product_id])[product.product_id] == product


def test_html_that_can_run_is_not_kept() -> None:
    evil, kept = "<p>Soft</p><script>alert(1)</script>", "<p>Soft</p>"
    product = a_product(title="Mug", description=evil)

    same = services.update_product(
        product_id=product.product_id,
        changes={"description": f"{evil}<img src=x onerror=alert(1)>"},
        expected_version=None,
        now=NOW,
    )

    assert product.description == kept
    assert same.description == f'{kept}<img src="x">'


def test_a_stale_update_is_refused_and_changes_nothing() -> None:
    product = a_product(title="Mug")

    with pytest.raises(ProductChanged):
        services.update_product(
            product_id=product.product_id,
            changes={"title": "Cup"},
            expected_version=product.version - 1,
            now=NOW,
        )

    assert services.get_products(ids=[product.product_id])[product.product_id] == product


def test_a_product_needs_an_active_sku_before_shoppers_see_it() -> None:
    bare = services.create_product(ProductFields(title="Idea"), now=NOW)

    with pytest.raises(NotPublishable):
        services.publish_product(product_id=bare.product_id, viewer=SYSTEM, now=NOW)


def test_publishing_twice_tells_once() -> None:
    product = a_product()

    first = services.publish_product(product_id=product.product_id, viewer=SYSTEM, now=NOW)
    again = services.publish_product(product_id=product.product_id, viewer=SYSTEM, now=NOW)

    assert first == again
    assert (first.status, first.published_at) == ("PUBLISHED", NOW)
    assert told()[-2:] == ["product.state_changed.v1", "product.published.v1"]


def test_only_published_products_are_seen_by_shoppers_and_only_active_skus() -> None:
    product = a_product(
        SkuFields(code="S", options={"Size": "S"}),
        SkuFields(code="M", options={"Size": "M"}),
        option_names=("Size",),
    )
    shopper, merchandiser = Viewer(), Viewer(user_id=new_id(), roles=frozenset({"merchandiser"}))

    with pytest.raises(ProductNotFound):
        services.get_product(product_id=product.product_id, viewer=shopper)
    assert services.get_product(product_id=product.product_id, viewer=merchandiser) == product

    services.publish_product(product_id=product.product_id, viewer=SYSTEM, now=NOW)
    services.update_sku(
        reference=product.skus[0].sku_id,
        changes={"status": "DEPRECATED"},
        expected_version=1,
        now=NOW,
    )
    seen = services.get_product(product_id=product.product_id, viewer=shopper)
    assert [sku.code for sku in seen.skus] == ["M"]


def test_unpublishing_hides_it_and_stops_its_sale() -> None:
    product = a_product(published=True)
    sku_id = product.skus[0].sku_id
    assert services.find_skus(ids=[sku_id])[sku_id].sellable

    services.unpublish_product(product_id=product.product_id, viewer=SYSTEM, now=NOW)
    services.unpublish_product(product_id=product.product_id, viewer=SYSTEM, now=NOW)

    assert not services.find_skus(ids=[sku_id])[sku_id].sellable
    assert told().count("product.unpublished.v1") == 1


def test_a_deleted_product_frees_its_slug_and_codes_but_is_still_known_by_id() -> None:
    product = a_product(SkuFields(code="MUG"), title="Mug", published=True)

    services.delete_product(product_id=product.product_id, viewer=SYSTEM, now=NOW)

    assert services.find_skus(codes=["MUG"]) == {}
    assert not services.find_skus(ids=[product.skus[0].sku_id])[product.skus[0].sku_id].sellable
    assert a_product(SkuFields(code="MUG"), title="Mug").slug == "mug"
    with pytest.raises(ProductArchived):
        services.publish_product(product_id=product.product_id, viewer=SYSTEM, now=NOW)
    with pytest.raises(ProductNotFound):
        services.get_product(product_id=product.product_id, viewer=SYSTEM)


def test_find_skus_and_get_products_take_one_statement(
    django_assert_num_queries: Any,
) -> None:
    products = [a_product(published=True) for _ in range(3)]

    with django_assert_num_queries(1):
        by_code = services.find_skus(codes=[p.skus[0].code for p in products])
    with django_assert_num_queries(1):
        found = services.get_products(ids=[p.product_id for p in products])

    assert {sku.product_id for sku in by_code.values()} == set(found)
