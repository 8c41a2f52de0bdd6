"""An import in batches comes to what saving its rows one by one through the public services comes to."""

import json
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.catalog import services
from apps.catalog.tests.factories import NOW
from apps.catalog.tests.test_import import run
from apps.catalog.tests.test_round_trip import comparable, everything
from apps.catalog.types import DRAFT, PUBLISHED, MediaRef, ProductFields, SkuFields
from ecommerce.errors import ShopError
from ecommerce.events.testing import published
from ecommerce.identity import SYSTEM

pytestmark = pytest.mark.django_db
Line = dict[str, Any]
Result = tuple[dict[str, Any], set[int]]
"""Products by slug, and which rows were refused."""

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NASTY = st.sampled_from(
    ["", " ", "\x00", "tab\tnew\nline", "\\N", '{"a"}', "<p>x</p>", "<b onclick=1>y"]
)
MOSTLY = {
    "title": ("Mug", NASTY | TEXT | st.just("x" * 513)),
    "slug": (None, st.sampled_from(["a", "b", "no slug", "x" * 256])),
    "code": (None, st.sampled_from(["A", "B", "y" * 129])),
    "barcode": ("4006381333931", st.sampled_from(["", "4006381333932", "123", "abc"])),
    "weightGrams": (300, st.sampled_from([None, 0, -1, 2**31])),
    "hsCode": ("620520", st.sampled_from(["", "1", "12345678901"])),
    "countryOfOrigin": ("PT", st.sampled_from(["", "XX", "pt"])),
    "taxClass": ("standard", st.sampled_from(["zero", "z" * 33])),
    "image": ("", st.sampled_from(["/a.png", "i" * 2049])),
    "status": (PUBLISHED, st.sampled_from([DRAFT])),
}


def usually(draw: st.DrawFn, member: str, default: Any = None) -> Any:
    """Mostly sound, sometimes not: rows that are wrong in all their members would show little."""
    sound, odd = MOSTLY[member]
    return draw(odd) if draw(st.integers(0, 9)) == 0 else default or sound


@st.composite
def lines(draw: st.DrawFn) -> list[Line]:
    return [draw(line(number)) for number in range(draw(st.integers(1, 6)))]


@st.composite
def line(draw: st.DrawFn, number: int) -> Line:
    sizes = draw(st.lists(st.sampled_from(["S", "M", "", "L" * 256]), max_size=3))
    names = ["Size"] if sizes else []
    members = ("barcode", "weightGrams", "hsCode", "countryOfOrigin", "taxClass", "image")
    return {
        "externalId": f"id-{number}",
        "slug": usually(draw, "slug", f"slug-{number}"),
        "title": usually(draw, "title"),
        "description": draw(NASTY | TEXT),
        "brand": draw(st.sampled_from(["Clay", "b" * 256])) if number % 3 == 0 else "",
        "tags": draw(st.lists(st.sampled_from(["red", "t\tt", 'q"\\', "u" * 256]), max_size=2)),
        "attributes": draw(
            st.dictionaries(
                st.sampled_from(["a", "b" * 129, '"\\']), TEXT | st.integers() | st.booleans()
            )
        ),
        "media": [
            {"url": draw(st.sampled_from(["/a.png", "https://x.example/1", "ftp://y"])), "alt": ""}
        ],
        "status": usually(draw, "status"),
        "optionNames": names,
        "skus": [
            {
                "code": usually(draw, "code", f"CODE-{number}-{at}"),
                "options": dict.fromkeys(names, size),
                **{member: usually(draw, member) for member in members},
            }
            for at, size in enumerate(sizes or [""])
        ],
    }


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(told=lines())
def test_a_file_is_its_rows_saved_one_by_one(told: list[Line]) -> None:
    one_file = undone(lambda: imported(["\n".join(map(json.dumps, told))]))
    many_files = undone(lambda: imported([json.dumps(item) for item in told]))
    by_services = undone(lambda: saved(told))

    assert one_file[:2] == by_services
    assert one_file[:2] == many_files[:2]
    assert one_file[2] == many_files[2]


def undone(work: Any) -> Any:
    """What the work came to, before the shop forgets it."""
    with transaction.atomic():
        result = work()
        transaction.set_rollback(True)
    return result


def imported(files: list[str]) -> tuple[dict[str, Any], set[int], dict[str, list[str]]]:
    """The products, the refused rows, and what was told of each product, in order."""
    refused = set()
    for number, text in enumerate(files):
        job, errors = run(text + "\n", format="jsonl")
        assert job.state == "SUCCEEDED"
        refused |= {number + error.row for error in errors}
    slugs = {str(product.product_id): slug for slug, product in everything().items()}
    news: dict[str, list[str]] = {slug: [] for slug in slugs.values()}
    for event in published():
        if event.partition_key in slugs:
            news[slugs[event.partition_key]].append(event.event_type)
    return shop(), refused, news


def shop() -> dict[str, Any]:
    return {slug: comparable(product) for slug, product in everything().items()}


def saved(told: list[Line]) -> Result:
    refused = set()
    for row, item in enumerate(told, start=1):
        try:
            with transaction.atomic():
                save(item)
        except ShopError:
            refused.add(row)
    return shop(), refused


def save(item: Line) -> None:
    product = ProductFields(
        external_id=item["externalId"],
        slug=item["slug"],
        title=item["title"],
        description=item["description"],
        brand=item["brand"],
        tags=tuple(dict.fromkeys(item["tags"])),
        attributes=item["attributes"],
        media=tuple(MediaRef(**ref) for ref in item["media"]),
        option_names=tuple(item["optionNames"]),
    )
    skus = [
        SkuFields(
            code=sku["code"],
            options=sku["options"],
            barcode=sku["barcode"],
            weight_grams=sku["weightGrams"],
            hs_code=sku["hsCode"],
            country_of_origin=sku["countryOfOrigin"],
            tax_class=sku["taxClass"],
            image=sku["image"],
        )
        for sku in item["skus"]
    ]
    created = services.create_product(product, skus=skus, now=NOW)
    if item["status"] == PUBLISHED:
        services.publish_product(product_id=created.product_id, viewer=SYSTEM, now=NOW)
