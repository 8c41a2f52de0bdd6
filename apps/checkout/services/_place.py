"""The first step of a purchase: everything that it needs is taken, or nothing."""

from datetime import datetime

from django.db import transaction

from apps.cart import services as cart
from apps.checkout import queries
from apps.checkout.queries import CheckoutRecord, LineRecord, SagaRecord
from apps.checkout.services._steps import entry_of
from apps.checkout.types import ConfirmCheckout
from apps.inventory import services as inventory
from apps.inventory.errors import OutOfStock
from apps.inventory.types import ReserveStock, StockLine
from apps.orders import services as orders
from apps.orders.types import PlaceOrder, PlaceOrderLine
from apps.payments import services as payments
from apps.payments.services import Intent
from apps.payments.types import OpenPayment
from apps.pricing import services as pricing
from ecommerce.events import told_together
from ecommerce.ids import new_id
from ecommerce.money import Money
from ecommerce.operations.metrics import ORDERS_CREATED, after_commit
from ecommerce.steps import reach

Placed = tuple[SagaRecord, Intent | None]
"""A purchase that stands on record, and what the gateway is to be asked next (nothing if it is free)."""


def place(command: ConfirmCheckout, *, now: datetime) -> Placed | None:
    """Step one: saga, cart, order, payment and coupons, and last the contended rows of stock.

    None where the checkout is not the viewer's to confirm now. Whatever is refused (stock that is
    gone, a cart that changed, a coupon that is used up) leaves everything as it was.
    """
    try:
        return _begin_and_place(command, now)
    except OutOfStock as refusal:
        inventory.tell_refused(refusal)
        raise


def _begin_and_place(command: ConfirmCheckout, now: datetime) -> Placed | None:
    with transaction.atomic(), told_together():
        saga = queries.begin(
            checkout_id=command.checkout_id,
            viewer=command.viewer,
            payment_method=command.payment_method,
            version=command.version,
            saga_id=new_id(),
            owner=new_id(),
            entry=entry_of("place", "done"),
        )
        if saga is None:
            return None
        intent = _place(saga.checkout, now)
        after_commit(ORDERS_CREATED)
        reach("checkout.in_place")
        inventory.reserve_stock(
            ReserveStock(
                order_id=saga.order_id,
                lines=tuple(
                    StockLine(sku_id=line.sku_id, quantity=line.quantity)
                    for line in saga.checkout.lines
                ),
            )
        )
    reach("checkout.after_place")
    return saga, intent


def _place(checkout: CheckoutRecord, now: datetime) -> Intent | None:
    cart.complete_cart(
        cart_id=checkout.cart_id, version=checkout.cart_version, order_id=checkout.order_id
    )
    orders.place_order(_order(checkout, now))
    intent = payments.open_to_ask(_payment(checkout)) if checkout.total_minor else None
    if checkout.coupon_codes:
        pricing.hold_coupons(
            order_id=checkout.order_id,
            codes=checkout.coupon_codes,
            customer_id=checkout.customer_id,
            now=now,
        )
    return intent


def _order(checkout: CheckoutRecord, now: datetime) -> PlaceOrder:
    return PlaceOrder(
        order_id=checkout.order_id,
        checkout_id=checkout.id,
        quote_id=checkout.quote_id,
        payment_id=checkout.payment_id,
        customer_id=checkout.customer_id,
        guest_token_hash=checkout.guest_token_hash,
        email=checkout.email,
        merchant=checkout.merchant,
        channel=checkout.channel,
        locale=checkout.locale,
        currency=checkout.currency,
        lines=tuple(_line(line) for line in checkout.lines),
        subtotal_minor=checkout.subtotal_minor,
        discount_minor=checkout.discount_minor,
        shipping_minor=checkout.shipping_minor,
        shipping_tax_minor=checkout.shipping_tax_minor,
        tax_minor=checkout.tax_minor,
        total_minor=checkout.total_minor,
        prices_include_tax=checkout.prices_include_tax,
        shipping_address=checkout.shipping_address,
        billing_address=checkout.billing_address,
        shipping_method=checkout.shipping_method,
        coupon_codes=checkout.coupon_codes,
        placed_at=now,
    )


def _line(line: LineRecord) -> PlaceOrderLine:
    """With an id of its own: every attempt is another order."""
    return PlaceOrderLine(
        line_id=new_id(),
        sku_id=line.sku_id,
        sku_code=line.sku_code,
        product_id=line.product_id,
        title=line.title,
        seller=line.seller,
        quantity=line.quantity,
        unit_price_minor=line.unit_price_minor,
        subtotal_minor=line.subtotal_minor,
        discount_minor=line.discount_minor,
        tax_minor=line.tax_minor,
        tax_rate=line.tax_rate,
        total_minor=line.total_minor,
    )


def _payment(checkout: CheckoutRecord) -> OpenPayment:
    return OpenPayment(
        payment_id=checkout.payment_id,
        order_id=checkout.order_id,
        amount=Money(checkout.total_minor, checkout.currency),
        method=checkout.payment_method,
        merchant=checkout.merchant,
        customer_id=checkout.customer_id,
        guest_token_hash=checkout.guest_token_hash,
    )
