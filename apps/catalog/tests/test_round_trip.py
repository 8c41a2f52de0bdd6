"""What is exported comes back without a difference: into the same shop, and into an empty one."""

import io
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.catalog import services
from apps.catalog.domain.importing.cells import (
    neutralised,
    paths_of,
    restored,
    text_of_paths,
)
from apps.catalog.tests.factories import NOW
from apps.catalog.types import (
    CategoryFields,
    MediaRef,
    Product,
    ProductFields,
    ProductFilter,
    SkuFields,
)
from ecommerce.events.testing import published
from ecommerce.http.pagination import Page
from ecommerce.identity import SYSTEM
from ecommerce.jobs.services import open_result, row_errors, run_job, start_job, store_input

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\r\n"))
WORD = st.text(
    st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30
).filter(lambda text: bool(text.strip()))
MARKUP = st.lists(
    st.sampled_from(["<pre>", "\n", "<p>", "</p>", "<a>", "<b", "&lt;", "x", "<li>", "<style>"])
).map("".join)
NASTY = st.sampled_from(["=1+1", "+1", "-1", "@x", "'=1", "''@", "=", '"', "a,b", "x\ny", " > "])
TAG = WORD.filter(lambda tag: "," not in tag)
ATTRIBUTE = st.one_of(
    TEXT,
    st.booleans(),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(-1e15, 1e15, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-15),
    st.lists(TEXT, max_size=3).map(tuple),
)


def test_a_text_that_a_spreadsheet_would_run_is_neutralised_and_restored() -> None:
    for text in ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''@x"):
        assert neutralised(text) == f"'{text}"
        assert restored(neutralised(text)) == text
    for text in ("", "plain", "'quoted'", "a=b", "'"):
        assert neutralised(text) == restored(text) == text


@given(st.one_of(TEXT, NASTY))
def test_every_text_survives_its_neutralising(text: str) -> None:
    cell = neutralised(text)

    assert restored(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.lists(WORD.map(str.strip), min_size=1, max_size=4).map(tuple), max_size=3))
def test_category_paths_survive_their_text(paths: list[tuple[str, ...]]) -> None:
    known = tuple(dict.fromkeys(paths))

    assert paths_of(text_of_paths(known)) == known


@st.composite
def products(draw: st.DrawFn, number: int) -> tuple[ProductFields, list[SkuFields]]:
    names = tuple(draw(st.lists(WORD.map(str.strip), max_size=3, unique_by=str.casefold)))
    combinations = draw(
        st.lists(
            st.tuples(*(WORD.map(str.strip) for _ in names)),
            max_size=3 if names else 1,
            unique=True,
        )
    )
    skus = [
        SkuFields(
            code=f"CODE-{number}-{n}",
            options=dict(zip(names, values, strict=True)),
            barcode=draw(st.sampled_from(["", "4006381333931", "96385074", "036000291452"])),
            weight_grams=draw(st.none() | st.integers(0, 10**6)),
            height_mm=draw(st.none() | st.integers(0, 10**6)),
            hs_code=draw(st.sampled_from(["", "620520"])),
            country_of_origin=draw(st.sampled_from(["", "PT"])),
            tax_class=draw(st.sampled_from(["standard", "zero", "books"])),
            requires_shipping=draw(st.booleans()),
        )
        for n, values in enumerate(combinations)
    ]
    fields = ProductFields(
        title=draw(WORD | NASTY.filter(lambda text: "\n" not in text)),
        slug=f"slug-{number}",
        description=draw(TEXT | NASTY | MARKUP),
        brand=draw(WORD | NASTY),
        tags=tuple(draw(st.lists(TAG.map(str.strip), max_size=3, unique=True))),
        attributes=draw(st.dictionaries(WORD, ATTRIBUTE, max_size=4)),
        media=tuple(
            MediaRef(url=f"https://x.example/{n}.jpg", alt=draw(WORD))
            for n in range(draw(st.integers(0, 3)))
        ),
        option_names=names,
        seo_title=draw(WORD),
        external_id=draw(st.none() | st.just(f"ext-{number}")),
    )
    return fields, skus


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def exported(kind: str) -> bytes:
    job = start_job(kind="catalog.export_products", owner_id=None, params={"format": kind})
    run_job(job.id)
    return open_result(job_id=job.id, viewer=SYSTEM)[1].read()


def imported(content: bytes, kind: str) -> list[str]:
    name = store_input("p", io.BytesIO(content))
    job = start_job(
        kind="catalog.import_products",
        owner_id=None,
        params={"format": kind},
        input_path=name,
    )
    run_job(job.id)
    return [f"{e.row} {e.pointer} {e.detail}" for e in row_errors(job_id=job.id, viewer=SYSTEM)]


def everything() -> dict[str, Product]:
    page = Page(size=1000)
    rows, _ = services.list_products(wanted=ProductFilter(), viewer=SYSTEM, page=page)
    return {product.slug: product for product in rows}


SKU_FACTS = [
    "code",
    "title",
    "options",
    "barcode",
    "weight_grams",
    "length_mm",
    "width_mm",
    "height_mm",
    "hs_code",
    "country_of_origin",
    "tax_class",
    "requires_shipping",
    "status",
    "image",
]
PRODUCT_FACTS = [
    "slug",
    "title",
    "description",
    "brand",
    "product_type",
    "seo_title",
    "seo_description",
    "external_id",
    "tags",
    "status",
    "attributes",
    "media",
    "option_names",
]


def comparable(product: Product) -> tuple[Any, ...]:
    """The product without what a shop gives by itself: ids, versions, times."""
    skus = [[getattr(sku, name) for name in SKU_FACTS] for sku in product.skus]
    paths = [services.get_category(category_id=id).category.path for id in product.category_ids]
    return [getattr(product, name) for name in PRODUCT_FACTS], skus, paths


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["shopify-csv", "jsonl"])
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn=st.data())
def test_an_export_comes_back_without_a_difference(kind: str, drawn: st.DataObject) -> None:
    with transaction.atomic():
        home = services.create_category(CategoryFields(name="Home > 1"), parent_id=None, now=NOW)
        leaf = services.create_category(
            CategoryFields(name="=Leaf"), parent_id=home.category_id, now=NOW
        )
        for number in range(drawn.draw(st.integers(1, 3))):
            fields, skus = drawn.draw(products(number))
            inside = drawn.draw(st.sampled_from([(), (leaf.category_id,)]))
            made = services.create_product(replace(fields, category_ids=inside), skus=skus, now=NOW)
            shown = drawn.draw(st.booleans())
            if skus and shown:
                services.publish_product(product_id=made.product_id, viewer=SYSTEM, now=NOW)
        before, events = everything(), len(published())

        file = exported(kind)
        assert imported(file, kind) == []
        assert everything() == before
        news = [e.event_type for e in published()[events:]]
        assert [name for name in news if ".import." not in name] == []

        kept = {slug: comparable(product) for slug, product in before.items()}
        for product in before.values():
            services.delete_product(product_id=product.product_id, viewer=SYSTEM, now=NOW)
        assert imported(file, kind) == []
        assert {slug: comparable(product) for slug, product in everything().items()} == kept
        transaction.set_rollback(True)
