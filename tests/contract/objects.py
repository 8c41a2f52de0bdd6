"""How to make the object behind each route with a parameter. A new route needs an entry here."""

from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile

from ecommerce.jobs import registry, services
from tests.contract.people import Someone
from tests.live.seed import goods

PARCEL_ADDRESS = {
    "name": "Ada Byron",
    "line1": "Keizersgracht 1",
    "city": "Amsterdam",
    "postalCode": "1015 CJ",
    "country": "NL",
}
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
    made = owner.client.post("/api/v1/carts", {"country": "NL"}).json()
    if "guestToken" in made:
        owner.be_guest(made["guestToken"])
    line = {"skuId": goods("5")["skuId"], "quantity": 1}
    added = owner.client.json_of("POST", f"/api/v1/carts/{made['id']}/items", line, status=201)
    return {"cart_id": made["id"], "item_id": added["id"], "code": "NOSUCHCODE"}


def a_checkout(owner: Someone) -> Values:
    """A cart that was priced for good, not confirmed yet."""
    body = {
        "cartId": a_cart(owner)["cart_id"],
        "email": "ada@example.com",
        "shippingAddress": PARCEL_ADDRESS,
        "shippingMethod": "standard",
        "paymentMethod": "tok_visa",
    }
    made = owner.client.json_of("POST", "/api/v1/checkout", body, status=201)
    return {"checkout_id": made["id"]}


def a_saga(owner: Someone) -> Values:
    """A purchase that was carried through."""
    from apps.checkout.models import Saga

    checkout_id = a_checkout(owner)["checkout_id"]
    confirm = f"/api/v1/checkout/{checkout_id}/confirm"
    assert owner.client.post(confirm, {}).status_code in {200, 202}
    return {"saga_id": str(Saga.objects.latest("created_at").id)}


def a_payment(owner: Someone) -> Values:
    """A payment, captured, a part of it given back."""
    from apps.payments import services as payments
    from apps.payments.tests.factories import captured
    from ecommerce.clock import now
    from ecommerce.ids import new_id
    from ecommerce.money import Money

    payment = captured(1000, customer_id=owner.user_id)
    capture_id, refund_id = new_id(), new_id()
    other = captured(1000, customer_id=owner.user_id)
    payments.refund(
        payment_id=other.id, refund_id=refund_id, amount=Money(100, "EUR"), reason="", now=now()
    )
    return {
        "payment_id": str(payment.id),
        "capture_id": str(capture_id),
        "refund_id": str(refund_id),
    }


def a_gateway(owner: Someone) -> Values:
    return {"provider": "sandbox"}


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
    "checkout/": a_checkout,
    "sagas/": a_saga,
    "orders/": an_order,
    "payments/": a_payment,
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
    "payments/webhooks/": a_gateway,
}
"""What everybody may read. Changing it takes a role."""

OWNED_BY_GUESTS = ("carts/", "checkout/")
"""Prefixes whose objects a guest may own as well."""


def maker_of(path: str) -> Maker | None:
    """The maker of the longest prefix that the path starts with."""
    known = {**PRIVATE, **PUBLIC}
    fitting = [prefix for prefix in known if path.startswith(prefix)]
    return known[max(fitting, key=len)] if fitting else None


def is_private(path: str) -> bool:
    return maker_of(path) in PRIVATE.values()
