"""A request that each writing door takes: what it needs to be there, and a body. A new door needs an entry here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from abusing import objects, stock
from abusing.doors import Route, routes, schema_of
from abusing.objects import ADDRESS, PARCEL_ADDRESS, Maker, Values, maker_of
from abusing.people import Someone, customer, guest, operator, staff
from apps.accounts.tests.factories import PASSWORD
from ecommerce.events.testing import drain
from ecommerce.http.permissions import AUTHENTICATED
from ecommerce.ids import new_id
from proving.seed import goods

Body = Callable[[Values], Any]
EUR = {"amount": 500, "currency": "EUR"}


@dataclass(frozen=True, slots=True)
class Rule:
    """What has to be there before (none: what the path names), and the body for it."""

    body: Body
    maker: Maker | None = None
    version: int | None = None
    """Of the object, where it has to be named."""


def _an_item(owner: Someone) -> Values:
    return dict(goods("50"))


def _a_new_address(owner: Someone) -> Values:
    return {"email": f"{new_id().hex}@example.com"}


def _a_refresh_token(owner: Someone) -> Values:
    return {"token": owner.refresh_token}


def _a_cart_to_buy(owner: Someone) -> Values:
    return {**objects.a_cart(owner), "sku_id": goods("50")["skuId"]}


def _a_cart_and_a_coupon(owner: Someone) -> Values:
    return {**objects.a_cart(owner), "coupon": objects.a_coupon(owner)["code"]}


def _a_guests_cart(owner: Someone) -> Values:
    """What a customer pours into their own when they sign in: they still have the guest's token."""
    visitor = guest()
    made = objects.a_cart(visitor)
    owner.be_guest(visitor.headers["Guest-Token"])
    return made


def a_paid_order(owner: Someone) -> Values:
    """Bought and paid; nobody in the warehouse has seen it yet."""
    checkout_id = objects.a_checkout(owner)["checkout_id"]
    done = owner.client.post(f"/api/v1/checkout/{checkout_id}/confirm", {}).json()
    drain()
    order = f"/api/v1/orders/{done['orderId']}"
    fulfillment_id = operator().client.get(f"{order}/fulfillment").json()["id"]
    return {"order_id": done["orderId"], "fulfillment_id": fulfillment_id}


def _warehouse(*steps: str) -> Maker:
    def make(owner: Someone) -> Values:
        made = a_paid_order(owner)
        objects.warehouse(made["fulfillment_id"], *steps)
        return made

    return make


def _an_authorization(owner: Someone) -> Values:
    from apps.payments.tests.factories import authorized

    return {"payment_id": str(authorized(1000, customer_id=owner.user_id).id)}


def _someone_else(owner: Someone) -> Values:
    return {"id": str(customer().user_id)}


def _an_unpublished_text(owner: Someone) -> Values:
    made = objects.a_published_product(owner)
    text = {"title": "A mug", "description": "For tea."}
    owner.client.put(f"/api/v1/pim/products/{made['id']}/content", text)
    return made


def _two_categories(owner: Someone) -> Values:
    return {**objects.a_category(owner), "parent_id": objects.a_category(owner)["id"]}


def _a_price_to_be(owner: Someone) -> Values:
    return {**objects.a_price(owner), "sku_id": goods("1", price_minor="900")["skuId"]}


def _two_shelves(owner: Someone) -> Values:
    from apps.inventory.models import Location

    Location.objects.get_or_create(code="attic", defaults={"name": "Attic"})
    return objects.stock(owner)


def _items(values: Values) -> list[dict[str, Any]]:
    return [{"skuId": values["skuId"], "quantity": 1}]


def _product(values: Values) -> dict[str, Any]:
    return {"title": "A new mug", "description": "For tea.", "brand": "House", "tags": ["mugs"]}


def _sku(values: Values) -> dict[str, Any]:
    return {"code": f"SKU-{new_id().hex[-12:].upper()}", "weightGrams": 300}


def _promotion(values: Values) -> dict[str, Any]:
    return {
        "code": f"tenth-{new_id().hex[-8:]}",
        "name": "A tenth",
        "actions": [{"type": "percentage_discount", "value": "10"}],
    }


def _checkout(values: Values) -> dict[str, Any]:
    return {
        "cartId": values["cart_id"],
        "email": "ada@example.com",
        "shippingAddress": PARCEL_ADDRESS,
        "billingAddress": PARCEL_ADDRESS,
        "shippingMethod": "standard",
        "paymentMethod": "tok_visa",
        "couponCodes": [],
    }


def _order_to_pay(values: Values) -> dict[str, Any]:
    return {"orderId": str(new_id()), "amount": EUR, "paymentMethodToken": "tok_visa"}


def _payment(values: Values) -> dict[str, Any]:
    return {"paymentId": values["payment_id"], "amount": EUR}


def _stock_change(values: Values) -> dict[str, Any]:
    return {"delta": 5, "reason": "counted", "locationId": "main"}


def _nothing(values: Values) -> None:
    return None


def _said(**body: Any) -> Body:
    """The same whatever is there."""
    return lambda values: {**body}


RULES: dict[str, Rule] = {
    "POST checkout": Rule(_checkout, _a_cart_to_buy),
    "POST checkout/<uuid:checkout_id>/confirm": Rule(_said(paymentMethod="tok_visa")),
    "POST search": Rule(_said(query="mug", category="", filters={}, sort="title"), _an_item),
    "POST shipping/rates/quote": Rule(
        lambda values: {"items": _items(values), "country": "NL", "currency": "EUR"}, _an_item
    ),
    "POST shipping/labels": Rule(
        lambda values: {"shipmentId": values["shipment_id"]}, objects.a_sent_order
    ),
    "POST fulfillments": Rule(
        lambda values: {"orderId": values["order_id"]}, _warehouse("cancel")
    ),
    "POST fulfillments/<uuid:fulfillment_id>/pick": Rule(_said(alsoIfRefunded=False), a_paid_order),
    "POST fulfillments/<uuid:fulfillment_id>/pack": Rule(_nothing, _warehouse("pick")),
    "POST fulfillments/<uuid:fulfillment_id>/ship": Rule(
        _said(alsoIfRefunded=False), _warehouse("pick", "pack")
    ),
    "POST fulfillments/<uuid:fulfillment_id>/cancel": Rule(_said(reason="no shelf"), a_paid_order),
    "POST shipments": Rule(
        lambda values: {
            "fulfillmentId": values["fulfillment_id"],
            "parcels": [{"weightGrams": 500}],
        },
        _warehouse("pick", "pack"),
    ),
    "POST carts": Rule(_said(country="NL", locale="en", channel="web")),
    "POST carts/merge": Rule(
        lambda values: {"guestCartId": values["cart_id"], "strategy": "sum"}, _a_guests_cart
    ),
    "POST carts/<uuid:cart_id>/items": Rule(
        lambda values: {"skuId": values["sku_id"], "quantity": 1}, _a_cart_to_buy
    ),
    "PUT carts/<uuid:cart_id>/items": Rule(
        lambda values: {"items": [{"skuId": values["sku_id"], "quantity": 2}]}, _a_cart_to_buy, 2
    ),
    "PUT carts/<uuid:cart_id>/items/<uuid:item_id>": Rule(_said(quantity=3), version=2),
    "POST carts/<uuid:cart_id>/apply-coupon": Rule(
        lambda values: {"couponCode": values["coupon"]}, _a_cart_and_a_coupon
    ),
    "PATCH orders/<uuid:order_id>/status": Rule(
        _said(status="CANCELED", reason="by hand"), a_paid_order
    ),
    "POST orders/<uuid:order_id>/cancel": Rule(_said(reason="too late"), a_paid_order),
    "POST payments/authorize": Rule(_order_to_pay),
    "POST payments/authorizations": Rule(_order_to_pay),
    "POST payments/capture": Rule(_payment, _an_authorization),
    "POST payments/captures": Rule(_payment, _an_authorization),
    "POST payments/authorizations/<uuid:payment_id>/capture": Rule(
        _said(amount=EUR), _an_authorization
    ),
    "POST payments/authorizations/<uuid:payment_id>/void": Rule(_said(), _an_authorization),
    "POST payments/refund": Rule(_payment, objects.a_payment),
    "POST payments/refunds": Rule(_payment, objects.a_payment),
    "POST payments/webhooks/<slug:provider>": Rule(_said(id="evt_1", type="unknown")),
    "POST tracking/webhook/<slug:carrier>": Rule(_said(id="evt_1", trackingNumber="none")),
    "POST sandbox/gateway/simulate": Rule(_said(scenario="decline", times=1)),
    "PUT inventory/buffers": Rule(_said(channel="web", units=0)),
    "POST inventory/bulk-adjust": Rule(
        lambda values: {"items": [{**_stock_change(values), "skuId": values["sku"]}]}, objects.stock
    ),
    "POST inventory/<str:sku>/adjust": Rule(_stock_change),
    "POST inventory/<str:sku>/transfer": Rule(
        lambda values: {
            "quantity": 1,
            "fromLocationId": "main",
            "toLocationId": "attic",
            "reason": "more room",
        },
        _two_shelves,
    ),
    "POST reservations": Rule(lambda values: {"items": _items(values)}, _an_item),
    "POST reservations/<uuid:reservation_id>/confirm": Rule(_said(reason="paid")),
    "POST reservations/<uuid:reservation_id>/cancel": Rule(_said(reason="not paid")),
    "POST reservations/<uuid:reservation_id>/release": Rule(_said(reason="not paid")),
    "POST prices": Rule(
        lambda values: {
            "priceListId": values["price_list_id"],
            "skuId": values["sku_id"],
            "amount": EUR,
            "minQuantity": 10,
            "reason": "by the ten",
        },
        _a_price_to_be,
    ),
    "POST prices/bulk": Rule(
        lambda values: {
            "priceListId": values["price_list_id"],
            "items": [{"skuId": values["sku_id"], "amount": EUR}],
            "reason": "spring",
        },
        _a_price_to_be,
    ),
    "POST prices/resolve": Rule(lambda values: {"items": _items(values)}, _an_item),
    "PUT prices/<uuid:price_id>": Rule(_said(amount=EUR, reason="cheaper"), version=1),
    "POST price-lists": Rule(
        lambda values: {
            "code": f"list-{new_id().hex[-8:]}", "name": "Spring", "channel": "web", "currency": "EUR"
        }
    ),
    "POST taxes/calculate": Rule(
        _said(country="NL", lines=[{"lineId": "1", "amount": EUR, "taxClass": "standard"}])
    ),
    "POST promotions": Rule(_promotion),
    "POST promotions/evaluate": Rule(lambda values: {"items": _items(values)}, _an_item),
    "PUT promotions/<uuid:promotion_id>/status": Rule(_said(status="paused")),
    "POST coupons": Rule(
        lambda values: {
            "code": f"CODE-{new_id().hex[-8:].upper()}", "promotionId": values["promotion_id"]
        },
        objects.a_coupon,
    ),
    "POST coupons/validate": Rule(
        lambda values: {"items": _items(values), "couponCode": "NOSUCHCODE"}, _an_item
    ),
    "POST coupons/redeem": Rule(
        lambda values: {"couponCode": values["code"], "orderId": str(new_id())}, objects.a_coupon
    ),
    "POST coupons/release": Rule(lambda values: {"orderId": str(new_id())}),
    "PUT pim/products/<uuid:id>/content": Rule(
        _said(title="A mug", description="For tea.", bullets=["Blue"], seoTitle="Mug"), version=0
    ),
    "POST pim/products/<uuid:id>/workflow/approve": Rule(_said(), _an_unpublished_text),
    "POST products": Rule(lambda values: {**_product(values), "skus": [_sku(values)]}),
    "PUT products/<uuid:id>": Rule(_product, version=2),
    "PATCH products/<uuid:id>": Rule(_said(title="Another mug"), version=2),
    "POST products/<uuid:id>/unpublish": Rule(_said(reason="recalled"), version=2),
    "POST products/<uuid:id>/publish": Rule(_nothing, version=2),
    "DELETE products/<uuid:id>": Rule(_nothing, version=2),
    "POST skus": Rule(
        lambda values: {"code": f"SKU-{new_id().hex[-12:].upper()}", "productId": values["id"],
                        "options": {"Color": "Red"}},
        objects.a_product_of_colors,
    ),
    "PUT skus/<str:id>": Rule(_sku, version=1),
    "POST categories": Rule(lambda values: {"name": f"Shelf {new_id().hex[-8:]}"}),
    "PATCH categories/<uuid:id>": Rule(
        _said(description="Of wood", seoTitle="Shelf"), version=1
    ),
    "POST categories/<uuid:id>/move": Rule(
        lambda values: {"parentId": values["parent_id"], "position": 0}, _two_categories
    ),
    "POST exports/products": Rule(_said(format="jsonl")),
    "POST auth/register": Rule(
        lambda values: {"email": values["email"], "password": PASSWORD, "firstName": "Ada"},
        _a_new_address,
    ),
    "POST auth/login": Rule(
        lambda values: {"email": values["email"], "password": PASSWORD}, objects.an_account
    ),
    "POST auth/refresh": Rule(lambda values: {"refreshToken": values["token"]}, _a_refresh_token),
    "PATCH me": Rule(_said(firstName="Augusta", lastName="King", locale="en")),
    "POST me/password": Rule(_said(currentPassword=PASSWORD, newPassword="another horse battery")),
    "PUT me/preferences": Rule(_said(currency="EUR", timeZone="Europe/London", marketingEmail=True)),
    "POST me/addresses": Rule(lambda values: {**ADDRESS, "label": "Home"}),
    "PUT me/addresses/<uuid:id>": Rule(lambda values: {**ADDRESS, "city": "Potsdam"}),
    "PUT users/<uuid:id>/roles": Rule(_said(roles=["customer"]), _someone_else),
    "PUT users/<uuid:id>/active": Rule(_said(isActive=True), _someone_else),
    "POST audit/query": Rule(_said(actions=["accounts.user.registered"], correlationId="none")),
    **{door: Rule(body, maker) for door, (body, maker) in stock.RULES.items()},
}  # fmt: skip

FILES = frozenset({"POST imports/inventory", "POST imports/products", "POST media"})
"""Doors that take files: the experiments with files try them."""
SIGNED = frozenset(
    {
        "POST payments/webhooks/<slug:provider>",
        "POST tracking/webhook/<slug:carrier>",
        "POST warehouses/<str:warehouse>/webhook",
    }
)
"""Doors that let in whoever knows a secret: without it nothing behind them is reached."""


@dataclass(frozen=True, slots=True)
class Knock:
    """A request that is ready to be sent, as it is or spoiled."""

    route: Route
    values: Values
    body: Any
    headers: dict[str, str]

    def by(self, someone: Someone, body: Any = ...) -> Any:
        """The answer that someone gets."""
        said = self.body if body is ... else body
        return someone.client.generic_json(
            self.route.method, self.route.url(self.values), said, headers=self.headers
        )


def prepared(route: Route, owner: Someone) -> Knock:
    """Make what the door needs; a request for it that its owner would send."""
    rule = RULES.get(str(route), Rule(_nothing))
    maker = rule.maker or maker_of(route.path) if route.parameters or rule.maker else None
    values = maker(owner) if maker else {}
    headers = {} if rule.version is None else {"If-Match": f'"{rule.version}"'}
    return Knock(route, values, rule.body(values), headers)


def opener(route: Route) -> Someone:
    """Someone new whom the door lets in."""
    return staff() if route.roles and AUTHENTICATED not in route.roles else customer()


def without_rule() -> list[str]:
    """Doors that nobody has told how to knock at, and rules of doors that are gone."""
    known = {str(route) for route in routes()}
    unruled = {str(route) for route in routes() if schema_of(route) is not None} - RULES.keys()
    homeless = {route.path for route in routes() if route.parameters and not maker_of(route.path)}
    return sorted({*unruled, *homeless, *(RULES.keys() - known)})


def writing() -> list[Route]:
    """Every door that takes JSON and changes something, but those that want a signature."""
    return [
        route for route in routes() if schema_of(route) is not None and str(route) not in SIGNED
    ]
