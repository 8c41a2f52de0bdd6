"""How to make the object behind each route with a parameter. A new route needs an entry here."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from PIL import Image

from abusing import stock as of_stock
from abusing.people import Someone, operator
from ecommerce.events.testing import drain
from ecommerce.jobs import registry, services
from proving.seed import goods

PARCEL_ADDRESS = {
    "name": "Ada Byron",
    "line1": "Keizersgracht 1",
    "city": "Amsterdam",
    "postalCode": "1015 CJ",
    "country": "NL",
}
TRIES = 5
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


def a_sent_order(owner: Someone) -> Values:
    """An order that was bought, paid and sent, with everything that hangs on it."""
    from apps.checkout.models import Saga

    checkout_id = a_checkout(owner)["checkout_id"]
    done = owner.client.post(f"/api/v1/checkout/{checkout_id}/confirm", {}).json()
    assert done["status"] == "COMPLETED", done
    drain()
    staff = operator().client
    order = f"/api/v1/orders/{done['orderId']}"
    fulfillment_id = staff.get(f"{order}/fulfillment").json()["id"]
    warehouse(fulfillment_id, "pick", "pack", "ship")
    shipment = staff.get(f"{order}/fulfillment").json()["shipments"][0]
    return {
        "order_id": done["orderId"],
        "payment_id": done["paymentId"],
        "saga_id": str(Saga.objects.latest("created_at").id),
        "fulfillment_id": fulfillment_id,
        "shipment_id": shipment["id"],
        "tracking_number": shipment["trackingNumber"],
    }


def warehouse(fulfillment_id: str, *steps: str) -> None:
    """What the warehouse does; again where the carrier is slow, as people would."""
    staff = operator().client
    for step in steps:
        for _ in range(TRIES):
            answer = staff.post(f"/api/v1/fulfillments/{fulfillment_id}/{step}")
            if answer.status_code != 503:
                break
        assert answer.status_code < 300, answer.content


def a_carrier(owner: Someone) -> Values:
    return {"carrier": "sandbox"}


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


def a_job(owner: Someone) -> Values:
    """A job that has ended, with refused rows and a result."""
    if "abusing.job" not in registry._kinds:
        registry.job("abusing.job")(_run)
    name = services.store_input("rows.csv", ContentFile(b"a\n"))
    job = services.start_job(kind="abusing.job", owner_id=owner.user_id, input_path=name)
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


def a_product_of_colors(owner: Someone) -> Values:
    """One that comes in colors, of which there is one yet."""
    from apps.catalog.tests.factories import a_product
    from apps.catalog.types import SkuFields
    from ecommerce.ids import new_id

    blue = SkuFields(code=f"SKU-{new_id().hex[-12:].upper()}", options={"Color": "Blue"})
    return {"id": str(a_product(blue, option_names=("Color",)).product_id)}


def an_account(owner: Someone) -> Values:
    """Another customer's, with the password of the factories."""
    from apps.accounts.tests.factories import person
    from ecommerce.ids import new_id

    return {"email": person(f"{new_id().hex}@example.com").email}


def a_category(owner: Someone) -> Values:
    from apps.catalog import services as catalog
    from apps.catalog.types import CategoryFields
    from ecommerce.clock import now
    from ecommerce.ids import new_id

    shelf = CategoryFields(name=f"Shelf {new_id().hex[-8:]}")
    made = catalog.create_category(shelf, parent_id=None, now=now())
    return {"id": str(made.id)}


def a_price(owner: Someone) -> Values:
    from apps.pricing.models import Price

    goods("1")
    price = Price.objects.latest("id")
    return {"price_id": str(price.id), "price_list_id": str(price.price_list_id)}


def a_coupon(owner: Someone) -> Values:
    from apps.pricing.models import Promotion
    from apps.pricing.tests.factories import coupon
    from ecommerce.ids import new_id

    code = f"TEN{new_id().hex[-8:].upper()}"
    coupon(code)
    return {"code": code, "promotion_id": str(Promotion.objects.latest("id").id)}


def a_quote(owner: Someone) -> Values:
    checkout_id = a_checkout(owner)["checkout_id"]
    checkout = owner.client.get(f"/api/v1/checkout/{checkout_id}").json()
    return {"quote_id": checkout["quoteId"]}


def stock(owner: Someone) -> Values:
    """A SKU in stock, and where."""
    from apps.inventory.models import StockLevel

    made = goods("5")
    level = StockLevel.objects.get(sku_id=made["skuId"])
    return {"sku": made["code"], "location_id": str(level.location_id)}


def a_buffer(owner: Someone) -> Values:
    """Nothing held back from a channel, which can be dropped."""
    from apps.inventory import services as inventory

    return {"buffer_id": str(inventory.set_channel_buffer(channel="web", units=0).id)}


def a_reservation(owner: Someone) -> Values:
    from apps.inventory import services as inventory
    from apps.inventory.models import Reservation
    from apps.inventory.types import ReserveStock, StockLine
    from ecommerce.ids import new_id

    line = StockLine(sku_id=UUID(goods("5")["skuId"]), quantity=1)
    command = ReserveStock(order_id=new_id(), lines=(line,))
    inventory.reserve_stock(command)
    return {"reservation_id": str(Reservation.objects.get(order_id=command.order_id).id)}


def a_picture(owner: Someone) -> Values:
    from apps.catalog import services as catalog
    from ecommerce.clock import now

    picture = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(picture, "PNG")
    picture.seek(0)
    kept = catalog.upload_media(file=picture, file_name="mug.png", alt="A mug", now=now())
    return {"id": str(kept.media_id), "name": "thumb"}


def a_channel(owner: Someone) -> Values:
    return {"code": "web"}


PRIVATE: dict[str, Maker] = {
    "me/addresses/": an_address,
    "me/sessions/": a_session,
    "users/": themselves,
    "carts/": a_cart,
    "checkout/": a_checkout,
    "sagas/": a_sent_order,
    "orders/": a_sent_order,
    "fulfillments/": a_sent_order,
    "shipments/": a_sent_order,
    "tracking/<str:tracking_number>/shipment": a_sent_order,
    "tracking/{tracking_number}/shipment": a_sent_order,
    "payments/": a_payment,
    "customers/": themselves,
    "jobs/": a_job,
    "imports/": a_job,
    "exports/": a_job,
    "reports/customers/": themselves,
}
"""What belongs to someone: nobody else may see or touch it."""

SHARED: dict[str, Maker] = {
    "channels/": a_channel,
    "products/": a_published_product,
    "skus/": a_sku,
    "categories/": a_category,
    "storefront/products/": a_published_product,
    "pim/products/": a_published_product,
    "media/": a_picture,
    "prices/": a_price,
    "price-lists/": a_price,
    "promotions/": a_coupon,
    "coupons/": a_coupon,
    "pricing/quotes/": a_quote,
    "availability/": stock,
    "inventory/": stock,
    "inventory/buffers/": a_buffer,
    "reservations/": a_reservation,
    "payments/webhooks/": a_gateway,
    "tracking/": a_sent_order,
    "tracking/webhook/": a_carrier,
    **of_stock.MAKERS,
}
"""What is nobody's own: everybody may read it, or a role is needed."""

OWNED_BY_GUESTS = ("carts/", "checkout/", "orders/")
"""Prefixes whose objects a guest may own as well."""


def maker_of(path: str) -> Maker | None:
    """The maker of the longest prefix that the path starts with."""
    known = {**PRIVATE, **SHARED}
    fitting = [prefix for prefix in known if path.startswith(prefix)]
    return known[max(fitting, key=len)] if fitting else None


def is_private(path: str) -> bool:
    return _longest(path, PRIVATE) > _longest(path, SHARED)


def _longest(path: str, prefixes: Iterable[str]) -> int:
    return max((len(prefix) for prefix in prefixes if path.startswith(prefix)), default=0)
