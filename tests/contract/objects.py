"""How to make the object behind each route with a parameter. A new route needs an entry here."""

from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile

from ecommerce.jobs import registry, services
from tests.contract.people import Someone
from tests.live.seed import goods

Values = dict[str, str]
Maker = Callable[[Someone], Values]

ADDRESS = {
    "firstName": "Ada",
    "lastName": "Lovelace",
    "line1": "Torstraße 1",
    "city": "Berlin",
    "postalCode": "10119",
    "country": "DE",
}


def an_address(owner: Someone) -> Values:
    made = owner.client.json_of("POST", "/api/v1/me/addresses", ADDRESS, status=201)
    return {"id": made["id"]}


def a_session(owner: Someone) -> Values:
    return {"id": str(owner.session_id)}


def themselves(owner: Someone) -> Values:
    return {"id": str(owner.user_id), "customer_id": str(owner.user_id)}


def a_cart(owner: Someone) -> Values:
    """A cart with one line in it. A guest gets the token with it."""
    made = owner.client.json_of("POST", "/api/v1/carts", {}, status=201)
    if owner.user_id is None:
        owner.be_guest(made["guestToken"])
    line = {"skuId": goods("5")["skuId"], "quantity": 1}
    cart = f"/api/v1/carts/{made['id']}"
    added = owner.client.json_of("POST", f"{cart}/items", line, status=201)
    return {"cart_id": made["id"], "item_id": added["id"], "code": "NOSUCHCODE"}


def an_order(owner: Someone) -> Values:
    from apps.orders.tests.factories import placed
    from ecommerce.identity import Viewer

    order = placed(viewer=Viewer(user_id=owner.user_id))
    return {"order_id": str(order.id)}


def a_job(owner: Someone) -> Values:
    """A job that has ended, with refused rows and a result."""
    if "tests.contract" not in registry._kinds:
        registry.job("tests.contract")(_run)
    name = services.store_input("rows.csv", ContentFile(b"a\n"))
    job = services.start_job(kind="tests.contract", owner_id=owner.user_id, input_path=name)
    services.run_job(job.id)
    return {"id": str(job.id)}


def _run(context: Any) -> None:
    context.row_error(row=1, detail="Refused.")
    context.advance(1, total=1)
    with context.open_result("made.csv") as result:
        result.write(b"a\n")


def a_published_product(owner: Someone) -> Values:
    made = goods("5")
    return {"id": made["productId"]}


def a_sku(owner: Someone) -> Values:
    return {"id": goods("5")["skuId"]}


def a_category(owner: Someone) -> Values:
    from apps.catalog import services as catalog
    from apps.catalog.types import CategoryFields
    from ecommerce.clock import now
    from ecommerce.ids import new_id

    shelf = CategoryFields(name=f"Shelf {new_id().hex[-8:]}")
    made = catalog.create_category(shelf, parent_id=None, now=now())
    return {"id": str(made.id)}


def a_channel(owner: Someone) -> Values:
    return {"code": "web"}


PRIVATE: dict[str, Maker] = {
    "me/addresses/": an_address,
    "me/sessions/": a_session,
    "users/": themselves,
    "carts/": a_cart,
    "orders/": an_order,
    "customers/": themselves,
    "jobs/": a_job,
    "imports/": a_job,
    "exports/": a_job,
    "reports/customers/": themselves,
}
"""What belongs to someone: nobody else may see or touch it."""

PUBLIC: dict[str, Maker] = {
    "channels/": a_channel,
    "products/": a_published_product,
    "skus/": a_sku,
    "categories/": a_category,
    "storefront/products/": a_published_product,
}
"""What everybody may read. Changing it takes a role."""

OWNED_BY_GUESTS = ("carts/",)
"""Prefixes whose objects a guest may own as well."""


def maker_of(path: str) -> Maker | None:
    """The maker of the longest prefix that the path starts with."""
    known = {**PRIVATE, **PUBLIC}
    fitting = [prefix for prefix in known if path.startswith(prefix)]
    return known[max(fitting, key=len)] if fitting else None


def is_private(path: str) -> bool:
    return any(path.startswith(prefix) for prefix in PRIVATE)
