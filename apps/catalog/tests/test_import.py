"""Imports: what a file says comes in once, what is wrong is refused by its row."""

import io
import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.accounts import services as accounts
from apps.accounts.types import Seller
from apps.catalog import services
from apps.catalog.services._import_batch import apply_batch
from apps.catalog.types import Product, ProductFilter
from ecommerce.events.testing import published
from ecommerce.http.pagination import Page
from ecommerce.identity import SYSTEM
from ecommerce.jobs.services import get_job, row_errors, run_job, start_job, store_input
from ecommerce.jobs.types import JobView, RowError

pytestmark = pytest.mark.django_db
HEADER = "Handle,Title,Body (HTML),Vendor,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
HEADER += "Variant Grams,Variant Inventory Qty,Variant Price,Variant Compare At Price,"
HEADER += "Variant Barcode,Image Src,Status"


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def run(text: str | bytes, **params: Any) -> tuple[JobView, list[RowError]]:
    content = text.encode() if isinstance(text, str) else text
    params.setdefault("format", "shopify-csv")
    with transaction.atomic():
        name = store_input("products", io.BytesIO(content))
        job = start_job(
            kind="catalog.import_products", owner_id=None, params=params, input_path=name
        )
    run_job(job.id)
    return get_job(job_id=job.id, viewer=SYSTEM), list(row_errors(job_id=job.id, viewer=SYSTEM))


def products() -> dict[str, Product]:
    rows, more = services.list_products(wanted=ProductFilter(), viewer=SYSTEM, page=Page(size=100))
    assert not more
    return {product.slug: product for product in rows}


def told() -> list[str]:
    return [event.event_type.removeprefix("ecommerce.catalog.") for event in published()]


def csv_of(*rows: str) -> str:
    return "\r\n".join((HEADER, *rows)) + "\r\n"


SHIRT = (
    'shirt,Shirt,"<p>Soft,\r\nwarm</p>",Weaver,"men, linen",TRUE,Size,S,SH-S,200,5,19.90,25,'
    "4006381333931,https://x.example/1.jpg,active",
    "shirt,,,,,,,M,SH-M,210.0,0,19.90,,,,",
    "shirt,,,,,,,,,,,,,,https://x.example/2.jpg,",
)
MUG = "mug,Mug,,Clay,,FALSE,Title,Default Title,,300,,7,,,,draft"


def test_a_shopify_file_comes_in_with_its_variants_images_and_offers() -> None:
    job, errors = run(csv_of(*SHIRT, MUG))

    assert (job.state, job.done, errors) == ("SUCCEEDED", 5, [])
    shirt, mug = products()["shirt"], products()["mug"]
    assert (shirt.status, shirt.brand, shirt.tags) == ("PUBLISHED", "Weaver", ("men", "linen"))
    assert shirt.description == "<p>Soft,\nwarm</p>"
    assert [ref.url[-5:] for ref in shirt.media] == ["1.jpg", "2.jpg"]
    assert [(sku.code, sku.options, sku.weight_grams) for sku in shirt.skus] == [
        ("SH-S", {"Size": "S"}, 200),
        ("SH-M", {"Size": "M"}, 210),
    ]
    assert (mug.status, mug.option_names, mug.skus[0].code) == ("DRAFT", (), "mug")
    offers = [e.payload for e in published() if "offers_received" in e.event_type]
    assert [(o["skuCode"], o["prices"][0]["amountMinor"], o["onHand"]) for o in offers] == [
        ("SH-S", 1990, 5),
        ("SH-M", 1990, 0),
        ("mug", 700, None),
    ]
    assert offers[0]["prices"][0] == {
        "currency": "EUR",
        "amountMinor": 1990,
        "compareAtMinor": 2500,
    }


def test_the_same_file_again_changes_and_tells_nothing() -> None:
    run(csv_of(*SHIRT, MUG))
    before, events = products(), told()

    job, errors = run(csv_of(*SHIRT, MUG))

    assert (job.state, errors, products()) == ("SUCCEEDED", [], before)
    assert told()[len(events) :] == ["import.started.v1", "import.completed.v1"]
    assert published()[-1].payload["unchanged"] == 2


def test_html_that_can_run_does_not_come_in_and_is_no_change_the_next_time() -> None:
    bad = 'bad,Bad,"<p style=""x"">Soft</p><script>alert(1)</script>",,,,,,BAD,,,,,,,'

    for _ in range(2):
        run(csv_of(bad))

    assert (products()["bad"].description, products()["bad"].version) == ("<p>Soft</p>", 1)
    assert published()[-1].payload["unchanged"] == 1


def test_a_change_tells_of_that_product_and_a_new_price_of_that_sku_only() -> None:
    run(csv_of(*SHIRT, MUG))
    events = len(told())

    run(csv_of(*SHIRT, MUG).replace("Mug,,Clay", "Big mug,,Clay").replace(",0,19.90", ",0,21"))

    assert told()[events:] == [
        "import.started.v1",
        "product.updated.v1",
        "import.offers_received.v1",
        "import.completed.v1",
    ]
    assert products()["mug"].version == 2
    assert products()["shirt"].version == 1


def test_a_dry_run_reports_and_writes_nothing() -> None:
    bad = "vase,Vase,,,,TRUE,Title,Default Title,V,abc,,5,,,,"
    job, errors = run(csv_of(*SHIRT, MUG, bad), dry_run=True)

    assert job.state == "SUCCEEDED"
    assert [(e.row, e.pointer, e.code) for e in errors] == [(6, "/Variant Grams", "number")]
    assert products() == {}
    assert published()[-1].payload["created"] == 2


@pytest.mark.parametrize(
    ("row", "pointer", "code"),
    [
        ("a,A,,,,TRUE,Title,Default Title,A,1,1,-5,,,,", "/Variant Price", "price"),
        ("a,A,,,,TRUE,Title,Default Title,A,1,1,1.999,,,,", "/Variant Price", "price"),
        ('a,A,,,,TRUE,Title,Default Title,A,1,1,"1,299.00",,,,', "/Variant Price", "number"),
        ("a,A,,,,TRUE,Title,Default Title,A,1,1,$5,,,,", "/Variant Price", "number"),
        ("a,A,,,,TRUE,Title,Default Title,A,1,1.5,5,,,,", "/Variant Inventory Qty", "integer"),
        ("a,A,,,,TRUE,Title,Default Title,A,1,1,5,,4006381333932,,", "/barcode", "gtin"),
        ("a,A,,,,maybe,Title,Default Title,A,1,1,5,,,,", "/Published", "boolean"),
        ("a,A,,,,TRUE,Size,,A,1,1,5,,,,", "/options", "options"),
        (",A,,,,TRUE,Title,Default Title,A,1,1,5,,,,", "/Handle", "blank"),
        ("a,,,,,TRUE,Title,Default Title,A,1,1,5,,,,", "/title", "blank"),
        ("a,A,,,,TRUE,Title,Default Title,A,1,1,5,,,javascript:x,", "/media/0/url", "url"),
        ("a,A,,,,TRUE,Title,Default Title,A,1,1,5,,,,,extra", "", "columns"),
        ("a,A,,,,TRUE,Title,Default Title,A,1,1,5,,,,sold", "/Status", "status"),
        ("a,A,,,,TRUE,Title,Default Title,A,99999999999,1,5,,,,", "/Variant Grams", "integer"),
    ],
)
def test_a_wrong_row_is_refused_by_row_and_column_and_the_rest_comes_in(
    row: str, pointer: str, code: str
) -> None:
    job, errors = run(csv_of(row, MUG))

    assert [(e.row, e.pointer, e.code) for e in errors] == [(2, pointer, code)]
    assert (job.state, list(products())) == ("SUCCEEDED", ["mug"])


def test_everything_that_is_wrong_with_a_row_is_told_at_once() -> None:
    bad = "a,A,,,,maybe,Size,S,A-S,abc,1,-5,,4006381333932,javascript:x,"
    variant = "a,,,,,,,M,A-M,1,x,5,,123,,"

    _, errors = run(csv_of(bad, variant, MUG))

    assert [(e.row, e.pointer, e.code) for e in errors] == [
        (2, "/Published", "boolean"),
        (2, "/Variant Grams", "number"),
        (2, "/Variant Price", "price"),
        (2, "/media/0/url", "url"),
        (2, "/barcode", "gtin"),
        (3, "/Variant Inventory Qty", "number"),
        (3, "/barcode", "gtin"),
    ]
    assert list(products()) == ["mug"]
    assert published()[-1].payload["refused"] == 1


def test_everything_that_is_wrong_with_a_json_line_is_told_at_once() -> None:
    line = {
        "slug": "desk",
        "title": ["Desk"],
        "seller": "other",
        "attributes": {"a/b": {}},
        "categories": "x\ty > z",
        "optionNames": ["Wood"],
        "skus": [
            {"code": "D-O", "options": {"Colour": "red"}, "price": "-1", "barcode": "123"},
            {"code": "D-P", "options": {"Wood": "Pine"}, "weightGrams": "x", "hsCode": "1"},
            "D-Q",
        ],
    }

    _, errors = run(json.dumps(line) + "\n", format="jsonl")

    assert [(e.row, e.pointer, e.code) for e in errors] == [
        (1, "/skus/0/options", "options"),
        (1, "/skus/0/price", "price"),
        (1, "/skus/1/weightGrams", "number"),
        (1, "/skus/2", "object"),
        (1, "/title", "text"),
        (1, "/attributes/a~1b", "attribute"),
        (1, "/hsCode", "hs_code"),
        (1, "/categories", "category"),
        (1, "/seller", "catalog/unknown-seller"),
    ]
    assert products() == {}


def test_attributes_of_no_known_kind_are_refused_by_their_row() -> None:
    text = "Handle,Title,Shop / Attributes\r\n"
    text += 'a,A,"{""size"": {""cm"": 3}}"\r\nb,B,"{""size"": null, ""led"": true}"\r\n'

    _, errors = run(text)

    assert [(e.row, e.pointer) for e in errors] == [(2, "/Shop ~1 Attributes")]
    assert products()["b"].attributes == {"led": True}


def test_a_sellers_product_comes_in_when_the_seller_is_known() -> None:
    def rows(seller: str, count: int) -> str:
        return "".join(
            json.dumps({"sku": f"S-{n}", "title": "Soap", "seller": seller}) + "\n"
            for n in range(count)
        )

    _, errors = run(rows("other", 1), format="jsonl")
    assert [(e.pointer, e.code) for e in errors] == [("/seller", "catalog/unknown-seller")]
    assert products() == {}

    accounts.save_seller(Seller(code="other", name="Other", merchant="default", is_active=True))
    with CaptureQueriesContext(connection) as few:
        run(rows("other", 2), format="jsonl")
    assert {product.seller for product in products().values()} == {"other"}
    assert sum("accounts_seller" in query["sql"] for query in few) == 1


def test_bad_utf8_is_refused_by_its_row() -> None:
    content = csv_of(MUG).encode() + b"vase,V\xff,,,,TRUE,Title,Default Title,V,1,1,5,,,,\r\n"
    job, errors = run(b"\xef\xbb\xbf" + content)

    assert [(e.row, e.code) for e in errors] == [(3, "encoding")]
    assert (job.state, list(products())) == ("SUCCEEDED", ["mug"])


@pytest.mark.parametrize(
    "monster",
    [
        b"x," + b"y" * 5_000_000 + b",,,,,,,,,,,,,,",
        b"x," + b"," * 3_000_000,
        b'x,"' + b"line of text\r\n" * 200_000 + b'",,,,,,,,,,,,,,',
    ],
    ids=["huge field", "three million columns", "huge quoted field"],
)
def test_a_monstrous_row_is_refused_alone(monster: bytes) -> None:
    job, errors = run(csv_of(MUG).encode() + monster + b"\r\n" + SHIRT[1].encode() + b"\r\n")

    assert (errors[0].row, errors[0].code) == (3, "too_long")
    assert (errors[1].row, errors[1].code, len(errors)) == (4, "blank", 2)
    assert (job.state, list(products())) == ("SUCCEEDED", ["mug"])


def test_two_products_cannot_have_one_sku_code() -> None:
    vase = "vase,Vase,,,,TRUE,Title,Default Title,SH-S,1,1,5,,,,"
    _, errors = run(csv_of(*SHIRT, vase))

    assert [(e.row, e.pointer, e.code) for e in errors] == [(5, "/code", "catalog/sku-code-taken")]


@pytest.mark.parametrize(
    "content",
    [b"Title,Price\r\nA,5\r\n", b"", b"\xff\xfeH\x00a\x00", b"," * 5_000_000],
    ids=["no handle", "empty", "UTF-16", "five million columns"],
)
def test_what_is_no_product_file_fails_with_a_reason(content: bytes) -> None:
    job, _ = run(content)

    assert (job.state, job.error_code) == ("FAILED", "catalog/import-invalid")
    assert told() == ["import.started.v1", "import.failed.v1"]


def test_new_column_names_are_understood() -> None:
    text = "Title,URL handle,Status,SKU,Option1 name,Option1 value,Price,Weight value (grams)\n"
    run(text + "Tea,tea,Active,T-1,Weight,100 g,4.5,100\n")

    tea = products()["tea"]
    assert (tea.status, tea.skus[0].code, tea.skus[0].weight_grams) == ("PUBLISHED", "T-1", 100)


def test_json_lines_come_in_flat_or_nested_with_categories() -> None:
    flat = {
        "externalId": "77",
        "title": "Lamp",
        "sku": "L-1",
        "price": "19.99",
        "quantity": 3,
        "categories": ["Home > Light", ["Office", "A > B"]],
        "attributes": {"watt": 9.5, "led": True},
        "status": "PUBLISHED",
    }
    nested = {
        "slug": "desk",
        "title": "Desk",
        "optionNames": ["Wood"],
        "skus": [
            {"code": "D-O", "options": {"Wood": "Oak"}, "priceMinor": 9900, "currency": "USD"},
            {"code": "D-P", "options": {"Wood": "Pine"}, "weightGrams": 12000},
        ],
    }
    text = "\n".join(map(json.dumps, (flat, nested, [1], {"title": "No name"}))) + "\n{oops\n"

    _, errors = run(text, format="jsonl")

    assert [(e.row, e.code) for e in errors] == [(3, "json"), (4, "identity"), (5, "json")]
    lamp, desk = products()["lamp"], products()["desk"]
    assert (lamp.external_id, lamp.attributes) == ("77", {"watt": 9.5, "led": True})
    assert [sku.code for sku in desk.skus] == ["D-O", "D-P"]
    paths = [services.get_category(category_id=id).category.path for id in lamp.category_ids]
    assert paths == ["home/light", "office/a-b"]
    events = len(told())
    run(text, format="jsonl")
    assert told()[events:] == ["import.started.v1", "import.completed.v1"]


def test_a_foreign_csv_comes_in_by_a_mapping() -> None:
    text = "no;label;eans;cost;f_colour;f_size\n9;Lamp;4006381333931;500;red;\n"
    mapping = {
        "externalId": "no",
        "sku": "no",
        "title": "label",
        "barcode": "eans",
        "priceMinor": "cost",
        "attributes": "f_*",
        "status": "=PUBLISHED",
    }

    _, errors = run(text, format="csv", mapping=mapping)

    assert errors == []
    lamp = products()["lamp"]
    assert (lamp.external_id, lamp.attributes) == ("9", {"f_colour": "red"})
    assert (lamp.status, lamp.skus[0].barcode) == ("PUBLISHED", "4006381333931")


def test_prices_in_several_currencies_are_told_together_and_changed_apart() -> None:
    def offers(prices: str, quantity: str) -> list[dict[str, Any]]:
        events = len(published())
        run(f"sku,title,price,quantity\nT,Tea,{prices},{quantity}\n", format="csv")
        news = published()[events:]
        return [e.payload for e in news if "offers_received" in e.event_type]

    first = offers('"41.8 EUR,4500 JPY"', "3")
    assert [(p["currency"], p["amountMinor"]) for p in first[0]["prices"]] == [
        ("EUR", 4180),
        ("JPY", 4500),
    ]
    assert offers('"4500 JPY,41.80 EUR"', "3") == []
    assert offers("41.80", "") == []
    assert offers("", "4")[0]["onHand"] == 4
    _, errors = run("sku,title,price\nT,Tea,5 XQX\n", format="csv")
    assert [(e.row, e.pointer, e.code) for e in errors] == [(2, "/price", "currency")]


def test_a_run_that_died_goes_on_behind_its_last_batch(monkeypatch: Any) -> None:
    rows = [f"p{n},P{n},,,,TRUE,Title,Default Title,P-{n},1,1,5,,,," for n in range(7)]
    monkeypatch.setattr("apps.catalog.services._import.BATCH_PRODUCTS", 2)
    real, calls = apply_batch, []

    def dying(batch: Any, *rest: Any) -> Any:
        calls.append([item.slug for item in batch])
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(batch, *rest)

    monkeypatch.setattr("apps.catalog.services._import.apply_batch", dying)
    with transaction.atomic():
        name = store_input("p.csv", io.BytesIO(csv_of(*rows).encode()))
        job = start_job(
            kind="catalog.import_products",
            owner_id=None,
            params={"format": "shopify-csv"},
            input_path=name,
        )
    with pytest.raises(KeyboardInterrupt):
        run_job(job.id)
    assert len(products()) == 4

    assert run_job(job.id)

    assert calls == [["p0", "p1"], ["p2", "p3"], ["p4", "p5"], ["p4", "p5"], ["p6"]]
    assert len(products()) == 7
    assert told().count("product.created.v1") == 7
    assert published()[-1].payload["created"] == 7
