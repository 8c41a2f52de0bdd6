"""The back office changes products through the services, and shows what they refuse."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.test import Client

from apps.catalog import services
from apps.catalog.models import Category, Product
from apps.catalog.tests.factories import NOW, a_product
from apps.catalog.types import CategoryFields, ProductFields, SkuFields
from ecommerce.events.testing import published

pytestmark = pytest.mark.django_db
PRODUCTS = "/admin/catalog/product/"


@pytest.fixture
def office(client: Client) -> Client:
    boss = get_user_model().objects.create(email="boss@example.com", roles=["admin"])
    client.force_login(boss)
    return client


def form_of(product: Product | None = None, *skus: dict[str, Any], **given: Any) -> dict[str, Any]:
    form: dict[str, Any] = {"attributes": "{}", "media": "[]", **given}
    form["skus-TOTAL_FORMS"] = len(skus)
    form["skus-INITIAL_FORMS"] = sum(1 for sku in skus if "id" in sku)
    for number, sku in enumerate(skus):
        product_id = product.pk if product else ""
        sku = {"tax_class": "standard", "status": "ACTIVE", "product": product_id, **sku}
        form |= {f"skus-{number}-{name}": value for name, value in sku.items()}
    return form


def said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_a_product_is_typed_in_with_its_skus_and_changed(office: Client) -> None:
    form = form_of(
        None, {"code": "S-1", "option_values": "S"}, title="Shirt", option_names="Size", tags="a,b"
    )
    assert office.post(f"{PRODUCTS}add/", form).status_code == 302
    row = Product.objects.get()
    assert (row.slug, row.tags, [sku.code for sku in row.skus.all()]) == (
        "shirt",
        ["a", "b"],
        ["S-1"],
    )

    sku = row.skus.get()
    form = form_of(
        row,
        {"id": sku.pk, "code": "S-1", "option_values": "S", "weight_grams": 90},
        {"code": "S-2", "option_values": "M"},
        title="Linen shirt",
        slug="shirt",
        option_names="Size",
        seen_version=row.version,
    )
    assert office.post(f"{PRODUCTS}{row.pk}/change/", form).status_code == 302
    changed = services.get_products(ids=[row.pk])[row.pk]
    assert changed.title == "Linen shirt"
    assert [(s.code, s.weight_grams) for s in changed.skus] == [("S-1", 90), ("S-2", None)]


def test_what_the_services_refuse_is_said_and_changes_nothing(office: Client) -> None:
    product = a_product(SkuFields(code="MUG"), title="Mug")
    row = Product.objects.get()
    form = form_of(
        row,
        {"id": row.skus.get().pk, "code": "MUG", "barcode": "4006381333932"},
        title="Cup",
        slug="mug",
        seen_version=row.version,
    )

    answer = office.post(f"{PRODUCTS}{row.pk}/change/", form)

    assert "check digit" in said(answer)
    assert services.get_products(ids=[row.pk])[row.pk] == product


def test_the_actions_publish_and_say_what_could_not_be(office: Client) -> None:
    ready = a_product(title="Ready")
    bare = services.create_product(ProductFields(title="Bare"), now=NOW)

    answer = office.post(
        PRODUCTS, {"action": "publish", "_selected_action": [ready.product_id, bare.product_id]}
    )

    assert Product.objects.get(id=ready.product_id).status == "PUBLISHED"
    assert Product.objects.get(id=bare.product_id).status == "DRAFT"
    assert "1 published." in said(answer)
    assert "no active SKU" in said(answer)
    office.post(PRODUCTS, {"action": "unpublish", "_selected_action": [ready.product_id]})
    office.post(PRODUCTS, {"action": "delete_products", "_selected_action": [ready.product_id]})
    assert published()[-1].event_type == "ecommerce.catalog.product.deleted.v1"


def test_categories_are_typed_in_moved_and_deleted(office: Client) -> None:
    home = services.create_category(CategoryFields(name="Home"), parent_id=None, now=NOW)
    form = {"name": "Desk", "parent": home.category_id, "names": "{}"}
    assert office.post("/admin/catalog/category/add/", form).status_code == 302
    desk = Category.objects.get(name="Desk")
    assert desk.path == "home/desk"

    url = f"/admin/catalog/category/{desk.pk}/"
    moved = {"name": "Desk", "slug": "desk", "parent": "", "place": 1, "names": "{}"}
    assert office.post(f"{url}change/", moved).status_code == 302
    desk.refresh_from_db()
    assert (desk.path, desk.position) == ("desk", 0)
    assert office.post(f"{url}delete/", {"post": "yes"}).status_code == 302
    assert not Category.objects.filter(pk=desk.pk).exists()


@pytest.mark.parametrize("page", ["product", "category", "media"])
def test_the_lists_open(office: Client, page: str) -> None:
    a_product(published=True)
    services.create_category(CategoryFields(name="Home"), parent_id=None, now=NOW)

    assert office.get(f"/admin/catalog/{page}/").status_code == 200
    assert office.get(f"/admin/catalog/{page}/?q=mug").status_code == 200
