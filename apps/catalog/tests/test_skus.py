"""SKUs: unique codes, unique option combinations, numbers that trade can rely on."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.catalog import services
from apps.catalog.domain.slug import free_slug, is_slug, slug_of
from apps.catalog.domain.trade_numbers import gtin_fault
from apps.catalog.errors import (
    OptionsTaken,
    ProductInvalid,
    SkuChanged,
    SkuCodeTaken,
    SkuInvalid,
    SkuNotFound,
)
from apps.catalog.tests.factories import NOW, a_product
from apps.catalog.types import ProductFields, ProductSku, SkuFields
from ecommerce.events.testing import published
from ecommerce.ids import new_id

digits = st.text("0123456789", min_size=1)


def change(reference: object, version: int | None = None, **changes: Any) -> ProductSku:
    return services.update_sku(
        reference=str(reference), changes=changes, expected_version=version, now=NOW
    )


@given(st.sampled_from([7, 11, 12, 13]), st.data())
def test_exactly_one_check_digit_makes_a_gtin(length: int, data: st.DataObject) -> None:
    stem = data.draw(st.text("0123456789", min_size=length, max_size=length))

    right = [digit for digit in "0123456789" if not gtin_fault(stem + digit)]

    weights = [3 if (length - at) % 2 else 1 for at in range(length)]
    total = sum(weight * int(digit) for weight, digit in zip(weights, stem, strict=True))
    assert right == [str(-total % 10)]


@given(digits.filter(lambda text: len(text) not in (8, 12, 13, 14)))
def test_no_other_length_is_a_gtin(text: str) -> None:
    assert "8, 12, 13 or 14" in gtin_fault(text)


@pytest.mark.parametrize("text", ["4006381333931 ", "4006-381333931", "400638133393X", "٤٠٠٦٣٨١٣"])
def test_a_gtin_is_digits_only(text: str) -> None:
    assert gtin_fault(text) != ""


@given(st.text())
def test_a_slug_made_of_a_title_is_a_slug_or_nothing(title: str) -> None:
    slug = slug_of(title)

    assert slug == "" or is_slug(slug)
    assert slug_of(slug) == slug


@given(st.lists(st.sampled_from(["a", "a-2", "b"]), max_size=12))
def test_free_slugs_never_meet(wanted: list[str]) -> None:
    taken: set[str] = set()
    for slug in wanted:
        free = free_slug(slug, taken)
        assert free not in taken
        taken.add(free)


@pytest.mark.django_db
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=8), max_size=6))
def test_products_of_any_titles_have_slugs_of_their_own(titles: list[str]) -> None:
    merchant = new_id().hex
    made = [
        services.create_product(ProductFields(title=title, merchant=merchant), now=NOW)
        for title in titles
        if title.strip() and "\x00" not in title
    ]

    assert len({product.slug for product in made}) == len(made)


@pytest.mark.django_db
def test_an_option_combination_is_active_once() -> None:
    product = a_product(
        SkuFields(code="S", options={"Size": "S"}),
        SkuFields(code="M", options={"Size": "M"}),
        option_names=("Size",),
    )

    with pytest.raises(OptionsTaken):
        services.create_sku(
            product_id=product.product_id,
            sku=SkuFields(code="S2", options={"Size": "S"}),
            now=NOW,
        )
    change("S", status="DEPRECATED")
    again = services.create_sku(
        product_id=product.product_id, sku=SkuFields(code="S2", options={"Size": "S"}), now=NOW
    )
    assert (again.code, again.position) == ("S2", 2)
    with pytest.raises(OptionsTaken):
        change("S", status="ACTIVE")


@pytest.mark.django_db
def test_a_code_is_unique_in_the_whole_shop() -> None:
    first, second = a_product(SkuFields(code="A")), a_product(SkuFields(code="B"))

    with pytest.raises(SkuCodeTaken):
        change("B", code="A")
    assert services.find_skus(codes=["A", "B"]).keys() == {
        first.skus[0].sku_id,
        second.skus[0].sku_id,
    }


@pytest.mark.django_db
def test_a_change_tells_of_the_sku_and_of_the_whole_product() -> None:
    product = a_product(SkuFields(code="A"))
    events = len(published())

    changed = change("A", 1, weight_grams=300, barcode="96385074")

    assert (changed.version, changed.weight_grams) == (2, 300)
    updated, sku = published()[events:]
    assert updated.payload["product"]["skus"][0]["barcode"] == "96385074"
    assert updated.payload["product"]["version"] == product.version + 1
    assert sku.payload["changes"] == ["barcode", "weight_grams"]


@pytest.mark.django_db
def test_the_same_again_is_no_version_and_no_event() -> None:
    product = a_product(SkuFields(code="A", weight_grams=5))
    events = len(published())

    same = change("A", weight_grams=5, status="ACTIVE")

    assert same == product.skus[0]
    assert len(published()) == events


@pytest.mark.django_db
def test_leaving_sale_is_told_once() -> None:
    a_product(SkuFields(code="A"))

    change("A", status="DEPRECATED")
    change("A", status="DEPRECATED")

    names = [e.event_type for e in published()]
    assert names.count("ecommerce.catalog.sku.deprecated.v1") == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("barcode", "4006381333932"),
        ("hs_code", "12345"),
        ("country_of_origin", "XX"),
        ("weight_grams", -1),
        ("weight_grams", 2**31),
        ("options", {"Size": "S"}),
        ("code", " "),
        ("tax_class", ""),
        ("status", "GONE"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(field: str, value: Any) -> None:
    product = a_product(SkuFields(code="A"))

    with pytest.raises(SkuInvalid):
        change("A", **{field: value})

    assert services.get_products(ids=[product.product_id])[product.product_id] == product


@pytest.mark.django_db
def test_a_stale_or_unknown_sku_is_refused() -> None:
    a_product(SkuFields(code="A"))

    with pytest.raises(SkuChanged):
        change("A", 7, weight_grams=1)
    for unknown in ("nope", new_id()):
        with pytest.raises(SkuNotFound):
            change(unknown, weight_grams=1)


@pytest.mark.django_db
def test_options_can_be_renamed_but_not_counted_anew_while_there_are_skus() -> None:
    product = a_product(SkuFields(code="A", options={"Size": "S"}), option_names=("Size",))

    def names(*wanted: str) -> Any:
        return services.update_product(
            product_id=product.product_id,
            changes={"option_names": wanted},
            expected_version=None,
            now=NOW,
        )

    assert names("Grösse").skus[0].options == {"Grösse": "S"}
    with pytest.raises(ProductInvalid):
        names("Grösse", "Farbe")
