"""By which names an import knows products again, and which names it gives them."""

import json
from typing import Any

import pytest

from apps.catalog.tests.test_import import products, run
from ecommerce import steps
from ecommerce.sql import fetch_all

pytestmark = pytest.mark.django_db
NASTY = ['a"b', "a\\b", "{a,b}", "a,b", "NULL", "a'b", "ä b", "\\N", '"']


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def lines(*items: dict[str, Any]) -> str:
    return "\n".join(json.dumps(item) for item in items) + "\n"


def test_names_with_marks_of_arrays_are_known_again() -> None:
    text = lines(*({"externalId": name, "title": "Mug", "sku": f"S {name}"} for name in NASTY))
    run(text, format="jsonl")

    job, errors = run(text, format="jsonl")

    assert (job.state, errors) == ("SUCCEEDED", [])
    assert len(products()) == len(NASTY)
    assert {product.version for product in products().values()} == {1}


def test_products_of_one_title_get_slugs_of_their_own_names() -> None:
    run(lines({"externalId": "1", "title": "Mug"}), format="jsonl")

    run(
        lines(
            {"externalId": "2", "title": "Mug"},
            {"externalId": "3", "title": "Mug 2"},
            {"externalId": "4", "title": "Tea"},
            {"externalId": "5", "title": "Tea"},
        ),
        format="jsonl",
    )

    found = {product.external_id: slug for slug, product in products().items()}
    assert found == {"1": "mug", "2": "mug-2", "3": "mug-2-3", "4": "tea", "5": "tea-5"}


def test_look_ups_are_planned_for_the_tables_as_they_are() -> None:
    modes: list[Any] = []
    steps.arm("catalog.in_import_batch", lambda: modes.extend(fetch_all("SHOW plan_cache_mode")))
    try:
        run(lines({"externalId": "1", "title": "Mug"}), format="jsonl")
    finally:
        steps.arm(None)

    assert modes == [("force_custom_plan",)]


@pytest.mark.parametrize(
    ("member", "pointer"),
    [("externalId", "/externalId"), ("slug", "/slug"), ("sku", "/code"), ("seller", "/seller"),
     ("categories", "/categories"), ("brand", "/brand")],
)  # fmt: skip
def test_a_name_with_a_nul_is_refused_by_its_row(member: str, pointer: str) -> None:
    wrong = {"externalId": "1", "title": "Tea", member: "a\0b"}

    job, errors = run(lines(wrong, {"externalId": "2", "title": "Mug"}), format="jsonl")

    assert (job.state, list(products())) == ("SUCCEEDED", ["mug"])
    assert {(error.row, error.pointer) for error in errors} >= {(1, pointer)}
