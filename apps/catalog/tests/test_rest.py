"""The catalog over HTTP."""

from typing import Any

import pytest

from apps.catalog import services
from apps.catalog.tests.factories import NOW, a_product
from apps.catalog.types import CategoryFields, SkuFields
from ecommerce.identity import Viewer
from ecommerce.ids import new_id
from ecommerce.testing import JsonClient

pytestmark = pytest.mark.django_db
MERCHANDISER = Viewer(user_id=new_id(), roles=frozenset({"merchandiser"}))
SHIRT = {
    "title": "Linen shirt",
    "brand": "Weaver",
    "optionNames": ["Size"],
    "attributes": {"material": "linen", "washable_at": 40, "eco": True, "fits": ["a", "b"]},
    "media": [{"url": "https://example.org/shirt.jpg"}],
    "skus": [
        {"code": "SHIRT-S", "options": {"Size": "S"}, "barcode": "4006381333931"},
        {"code": "SHIRT-M", "options": {"Size": "M"}, "weightGrams": 220, "hsCode": "620520"},
    ],
}


@pytest.fixture
def staff() -> JsonClient:
    client = JsonClient()
    client.force_authenticate(user=MERCHANDISER)
    return client


def test_a_product_is_made_shown_found_and_taken_away(staff: JsonClient, api: JsonClient) -> None:
    made = staff.json_of("POST", "/api/v1/products", SHIRT, status=201)
    url = f"/api/v1/products/{made['id']}"

    assert made["attributes"] == SHIRT["attributes"]
    assert [sku["code"] for sku in made["skus"]] == ["SHIRT-S", "SHIRT-M"]
    api.json_of("GET", url, status=404)
    assert staff.json_of("POST", f"{url}/publish", status=200)["status"] == "PUBLISHED"
    seen = api.json_of("GET", url, status=200)
    assert seen["skus"][0]["options"] == {"Size": "S"}
    assert api.json_of("GET", "/api/v1/products", status=200)["results"] == [seen]
    assert api.json_of("GET", "/api/v1/skus/SHIRT-M", status=200)["weightGrams"] == 220
    skus = api.json_of("GET", f"{url}/skus", status=200)["results"]
    assert {sku["code"] for sku in skus} == {"SHIRT-S", "SHIRT-M"}
    assert staff.json_of("POST", f"{url}/unpublish", {}, status=200)["status"] == "UNPUBLISHED"
    api.json_of("GET", "/api/v1/skus/SHIRT-M", status=404)
    staff.json_of("DELETE", url, status=204)
    staff.json_of("GET", url, status=404)


def test_every_fault_of_a_body_has_a_pointer(staff: JsonClient) -> None:
    body = {
        **SHIRT,
        "slug": "a b",
        "skus": [{"code": "X", "options": {"Colour": "red"}, "barcode": "4006381333932"}],
    }

    problem = staff.json_of("POST", "/api/v1/products", body, status=422)

    assert problem["code"] == "catalog/product-invalid"
    assert [(fault["pointer"], fault["code"]) for fault in problem["errors"]] == [
        ("/slug", "slug"),
        ("/skus/0/options", "options"),
        ("/skus/0/barcode", "gtin"),
    ]


def test_a_change_needs_the_version_that_was_read(staff: JsonClient) -> None:
    product = a_product(title="Mug")
    url = f"/api/v1/products/{product.product_id}"
    tag = staff.get(url)["ETag"]

    staff.json_of("PATCH", url, {"title": "Cup"}, status=428)
    changed = staff.patch(url, {"title": "Cup"}, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["title"]) == (200, "Cup")
    assert changed["ETag"] != tag
    staff.json_of("PATCH", url, {"title": "Jar"}, status=412, headers={"If-Match": tag})
    assert staff.get(url, headers={"If-None-Match": changed["ETag"]}).status_code == 304


def test_put_empties_what_is_left_out_and_patch_keeps_it(staff: JsonClient) -> None:
    product = a_product(title="Mug", brand="Clay", tags=("a",))
    url = f"/api/v1/products/{product.product_id}"

    def send(method: str, body: dict[str, Any]) -> Any:
        tag = staff.get(url)["ETag"]
        return staff.json_of(method, url, body, status=200, headers={"If-Match": tag})

    assert send("PATCH", {"tags": ["b"]})["brand"] == "Clay"
    replaced = send("PUT", {"title": "Mug"})
    assert (replaced["brand"], replaced["tags"], replaced["slug"]) == ("", [], "mug")


def test_a_sku_is_replaced_by_its_code_and_leaves_sale_by_its_status(staff: JsonClient) -> None:
    product = a_product(SkuFields(code="MUG"), published=True)
    tag = staff.get("/api/v1/skus/MUG")["ETag"]

    body = {"code": "MUG-2", "status": "DEPRECATED", "barcode": "96385074"}
    changed = staff.json_of("PUT", "/api/v1/skus/MUG", body, status=200, headers={"If-Match": tag})

    assert (changed["code"], changed["status"]) == ("MUG-2", "DEPRECATED")
    assert not services.find_skus(codes=["MUG-2"])[product.skus[0].sku_id].sellable


def test_a_taken_code_is_a_conflict(staff: JsonClient) -> None:
    first, second = a_product(SkuFields(code="A")), a_product(SkuFields(code="B"))

    body = {"productId": str(second.product_id), "code": "A"}
    assert first.skus[0].code == "A"
    refused = staff.json_of("POST", "/api/v1/skus", body, status=409)

    assert refused["code"] == "catalog/sku-code-taken"


def test_shoppers_may_not_write(api: JsonClient) -> None:
    api.json_of("POST", "/api/v1/products", SHIRT, status=401)
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"customer"})))
    api.json_of("POST", "/api/v1/products", SHIRT, status=403)
    api.json_of("POST", "/api/v1/categories", {"name": "X"}, status=403)


def test_the_list_filters_and_pages(staff: JsonClient) -> None:
    home = services.create_category(CategoryFields(name="Home"), parent_id=None, now=NOW)
    mugs = services.create_category(
        CategoryFields(name="Mugs"), parent_id=home.category_id, now=NOW
    )
    inside = a_product(title="Blue mug", brand="Clay", category_ids=(mugs.category_id,))
    other = a_product(title="Red cup", published=True)

    def titles(query: str) -> list[str]:
        found = staff.json_of("GET", f"/api/v1/products?{query}", status=200)["results"]
        return [product["title"] for product in found]

    assert titles(f"category={home.category_id}") == ["Blue mug"]
    assert titles("brand=Clay") == ["Blue mug"]
    assert titles("q=CUP") == titles("status=PUBLISHED") == ["Red cup"]
    assert titles(f"q={inside.skus[0].code}") == ["Blue mug"]
    assert titles("updatedSince=2030-01-01T00:00:00Z") == []
    first = staff.json_of("GET", "/api/v1/products?pageSize=1", status=200)
    second = staff.json_of("GET", first["next"], status=200)
    assert {first["results"][0]["id"], second["results"][0]["id"]} == {
        str(inside.product_id),
        str(other.product_id),
    }


@pytest.mark.parametrize(
    ("path", "statements"),
    [("products", 2), ("skus", 2), ("categories", 2), ("categories/tree", 1)],
)
def test_a_list_takes_as_many_statements_however_long(
    api: JsonClient, django_assert_num_queries: Any, path: str, statements: int
) -> None:
    category = services.create_category(CategoryFields(name="Home"), parent_id=None, now=NOW)
    for _ in range(5):
        a_product(published=True, category_ids=(category.category_id,))

    with django_assert_num_queries(statements):
        api.json_of("GET", f"/api/v1/{path}", status=200)


def test_a_product_page_takes_one_statement(
    api: JsonClient, django_assert_num_queries: Any
) -> None:
    product = a_product(published=True)

    with django_assert_num_queries(1):
        api.json_of("GET", f"/api/v1/products/{product.product_id}", status=200)


def test_categories_grow_move_and_show_the_way(staff: JsonClient, api: JsonClient) -> None:
    def grow(name: str, parent: str | None = None) -> dict[str, Any]:
        body = {"name": name, "parentId": parent, "names": {"de": f"{name}-de"}}
        made: dict[str, Any] = staff.json_of("POST", "/api/v1/categories", body, status=201)
        return made

    home, office = grow("Home"), grow("Office")
    desk = grow("Desk", home["id"])
    moved = staff.json_of(
        "POST", f"/api/v1/categories/{desk['id']}/move", {"parentId": office["id"]}, status=200
    )
    assert moved["path"] == "office/desk"
    staff.json_of(
        "POST", f"/api/v1/categories/{office['id']}/move", {"parentId": desk["id"]}, status=409
    )
    seen = api.json_of("GET", f"/api/v1/categories/{desk['id']}?locale=de-AT", status=200)
    assert [crumb["name"] for crumb in seen["breadcrumbs"]] == ["Office-de", "Desk-de"]
    tree = api.json_of("GET", "/api/v1/categories?tree=true", status=200)["results"]
    assert [(node["name"], len(node["children"])) for node in tree] == [("Home", 0), ("Office", 1)]
    assert tree == api.json_of("GET", "/api/v1/categories/tree", status=200)["results"]
    staff.json_of("DELETE", f"/api/v1/categories/{home['id']}", status=204)
    renamed = staff.patch(
        f"/api/v1/categories/{office['id']}",
        {"slug": "work"},
        headers={"If-Match": f'"{office["version"]}"'},
    )
    assert renamed.status_code == 200
    found = api.json_of("GET", "/api/v1/categories?path=work/desk", status=200)["results"]
    assert [category["id"] for category in found] == [desk["id"]]
