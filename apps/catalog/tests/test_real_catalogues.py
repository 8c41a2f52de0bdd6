"""Catalogues of real shops come in through the public door; skipped where they are not at hand."""

import gzip
import io
import json
import os
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ecommerce.events.testing import published
from ecommerce.identity import Viewer
from ecommerce.ids import new_id
from ecommerce.jobs.services import run_job
from ecommerce.testing import JsonClient

ROOT = Path(__file__).resolve().parents[3]
REAL = Path(os.environ.get("SHOP_REAL_DATA", ROOT.parent / "shared" / "data"))
ELECTRONICS = {
    "externalId": "id",
    "sku": "id",
    "title": "title",
    "description": "short_description",
    "brand": "supplier",
    "barcode": "ean/0",
    "priceMinor": "price",
    "images": "img_high",
    "attributes": "attr_*",
    "status": "=PUBLISHED",
}
FOOD = {
    "externalId": "code",
    "sku": "code",
    "barcode": "code",
    "title": "product_name|generic_name",
    "brand": "brands",
    "images": "image_url",
    "categories": "main_category_en",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def staff(api: JsonClient) -> JsonClient:
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"merchandiser"})))
    return api


def real(path: str) -> Path:
    found = REAL / path
    if not found.exists():
        pytest.skip(f"real data is not at hand: {path}")
    return found


def import_file(client: JsonClient, content: bytes, **fields: Any) -> dict[str, Any]:
    file = SimpleUploadedFile("products", content)
    started = client.post("/api/v1/imports/products", {"file": file, **fields}, format="multipart")
    assert started.status_code == 202, started.content
    job_id = started.json()["id"]
    assert run_job(UUID(job_id))
    assert client.get(started["Location"]).json()["state"] == "SUCCEEDED"
    result = client.get(f"/api/v1/jobs/{job_id}/result")
    summary: dict[str, Any] = json.loads(b"".join(result.streaming_content))  # type: ignore[attr-defined]
    errors = client.json_of("GET", f"/api/v1/jobs/{job_id}/errors?pageSize=100", status=200)
    summary["codes"] = Counter(error["code"] for error in errors["results"])
    return summary


@pytest.mark.parametrize(("name", "products"), [("apparel", 20), ("home-and-garden", 20)])
def test_shopifys_own_files_come_in_whole_and_once(
    staff: JsonClient, name: str, products: int
) -> None:
    content = real(f"shopify-csv/{name}.csv").read_bytes()

    first = import_file(staff, content, format="shopify-csv", currency="USD")
    events = len(published())
    again = import_file(staff, content, format="shopify-csv", currency="USD")

    assert (first["created"], first["refused"]) == (products, 0)
    assert (again["unchanged"], again["created"] + again["updated"]) == (products, 0)
    assert len(published()) == events + 2


def test_electronics_of_thousands_of_attributes_come_in_by_a_mapping(staff: JsonClient) -> None:
    with gzip.open(real("search-icecat/products.jsonl.gz")) as file:
        content = b"".join(islice(file, 600))

    summary = import_file(staff, content, format="jsonl", mapping=json.dumps(ELECTRONICS))

    assert (summary["created"], summary["refused"]) == (600, 0)
    found = staff.json_of("GET", "/api/v1/skus/3920564", status=200)
    assert found["barcode"] == "0095205603217"
    product = staff.json_of("GET", f"/api/v1/products/{found['productId']}", status=200)
    assert product["attributes"]["attr_n_quantity_per_pack"] == 6.0


def test_dirty_food_comes_in_and_what_is_wrong_is_named(staff: JsonClient) -> None:
    with gzip.open(real("openfoodfacts/off_1000.tsv.gz")) as file:
        content = io.BytesIO(file.read()).getvalue()

    summary = import_file(
        staff,
        content,
        format="csv",
        delimiter="\t",
        quote="",
        mapping=json.dumps(FOOD),
    )

    assert summary["created"] + summary["refused"] == 1000
    assert summary["refused"] == 294
    assert set(summary["codes"]) == {"gtin", "blank"}
