"""Carrying a past purchase out, through the doors that the checkout goes through.

Its money changed hands before this shop had a gateway and its parcels went by a carrier of those
days, so nobody outside is asked; orders, stock, books and events are what they would have been.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from apps.catalog.types import Sku
from apps.inventory import services as inventory
from apps.inventory.types import ReserveStock, StockLine
from apps.orders import services as orders
from apps.orders.types import Address, Order, PlaceOrder, PlaceOrderLine
from apps.payments import services as payments
from apps.payments.types import GatewayAnswer, OpenPayment
from apps.pricing import services as pricing
from apps.pricing.types import Quote, QuoteCart, QuotedLine, QuoteLine
from apps.shipping import services as shipping
from apps.shipping.types import ShippingOption
from ecommerce.dimensions import CHANNEL
from ecommerce.identity import CUSTOMER, SYSTEM, Viewer
from ecommerce.ids import new_id
from sampleshop.history import Buyer, Fate, Purchase
from sampleshop.parcels import send

PAID_AFTER = timedelta(minutes=1)
CALLED_OFF_AFTER = timedelta(hours=3)
RETURNED_AFTER = timedelta(days=12)


def carry_out(purchase: Purchase, skus: Mapping[UUID, Sku], *, now: datetime) -> None:
    """Place the order and let it live until ``now``: paid, sent, delivered, or not."""
    order = _place(purchase, skus)
    if purchase.fate is Fate.DECLINED:
        _decline(order, at=purchase.placed_at)
        return
    paid_at = purchase.placed_at + PAID_AFTER
    _pay(order, at=paid_at)
    if purchase.fate is Fate.CALLED_OFF:
        _call_off(order, purchase.buyer, at=purchase.placed_at + CALLED_OFF_AFTER)
        return
    send(order, number=purchase.number, paid_at=paid_at, now=now)
    if purchase.fate is Fate.PARTLY_RETURNED and purchase.placed_at + RETURNED_AFTER <= now:
        line = order.lines[0]
        _give_back(order, line.total.amount, "returned", at=purchase.placed_at + RETURNED_AFTER)


def _place(purchase: Purchase, skus: Mapping[UUID, Sku]) -> Order:
    option = _shipping(purchase, skus)
    quote = _quote(purchase, skus, option)
    order = orders.place_order(_command(purchase, skus, quote))
    payments.open_payment(
        OpenPayment(
            payment_id=order.payment_id,
            order_id=order.id,
            amount=order.total,
            method="invoice",
            provider="offline",
            customer_id=order.customer_id,
        )
    )
    if order.coupon_codes:
        pricing.hold_coupons(
            order_id=order.id,
            codes=order.coupon_codes,
            customer_id=order.customer_id,
            now=purchase.placed_at,
        )
    lines = tuple(StockLine(sku_id=sku_id, quantity=n) for sku_id, n in purchase.wanted)
    inventory.reserve_stock(ReserveStock(order_id=order.id, lines=lines))
    return order


def _shipping(purchase: Purchase, skus: Mapping[UUID, Sku]) -> ShippingOption:
    weight = shipping.goods_weight((skus[s].weight_grams, n) for s, n in purchase.wanted)
    options = shipping.shipping_options(
        country=purchase.buyer.country,
        weight_grams=weight,
        currency=purchase.buyer.currency,
        channel=CHANNEL,
    )
    return next(one for one in options if one.code == purchase.shipping_method)


def _quote(purchase: Purchase, skus: Mapping[UUID, Sku], option: ShippingOption) -> Quote:
    question = QuoteCart(
        channel=CHANNEL,
        currency=purchase.buyer.currency,
        country=purchase.buyer.country,
        region=purchase.buyer.region or None,
        lines=tuple(
            QuoteLine(
                line_id=new_id(),
                sku_id=sku_id,
                product_id=skus[sku_id].product_id,
                quantity=quantity,
                category_ids=skus[sku_id].category_ids,
                tax_class=skus[sku_id].tax_class,
            )
            for sku_id, quantity in purchase.wanted
        ),
        coupon_codes=(purchase.coupon,) if purchase.coupon else (),
        shipping_minor=option.amount_minor,
        customer_id=purchase.buyer.user_id,
    )
    return pricing.quote_cart(question, now=purchase.placed_at)


def _command(purchase: Purchase, skus: Mapping[UUID, Sku], quote: Quote) -> PlaceOrder:
    buyer = purchase.buyer
    address = _address(buyer)
    return PlaceOrder(
        order_id=new_id(),
        checkout_id=new_id(),
        quote_id=quote.id,
        payment_id=new_id(),
        customer_id=buyer.user_id,
        guest_token_hash=None if buyer.user_id else hashlib.sha256(new_id().bytes).hexdigest(),
        email=buyer.email,
        locale=buyer.locale,
        currency=quote.currency,
        lines=tuple(_line(line, skus[line.sku_id]) for line in quote.lines),
        subtotal_minor=quote.subtotal_minor,
        discount_minor=quote.discount_minor,
        shipping_minor=quote.shipping_minor,
        shipping_tax_minor=quote.shipping_tax_minor,
        tax_minor=quote.tax_minor,
        total_minor=quote.total_minor,
        prices_include_tax=quote.prices_include_tax,
        shipping_address=address,
        billing_address=address,
        shipping_method=purchase.shipping_method,
        placed_at=purchase.placed_at,
        coupon_codes=quote.coupon_codes,
    )


def _line(line: QuotedLine, sku: Sku) -> PlaceOrderLine:
    options = ", ".join(sku.options.values())
    return PlaceOrderLine(
        line_id=line.line_id,
        sku_id=sku.id,
        sku_code=sku.code,
        product_id=sku.product_id,
        title=f"{sku.product_title} ({options})" if options else sku.product_title,
        seller=sku.seller,
        quantity=line.quantity,
        unit_price_minor=line.unit_price_minor,
        subtotal_minor=line.subtotal_minor,
        discount_minor=line.discount_minor,
        tax_minor=line.tax_minor,
        tax_rate=line.tax_rate,
        total_minor=line.total_minor,
    )


def _address(buyer: Buyer) -> Address:
    return Address(
        name=buyer.name,
        line1=buyer.line1,
        city=buyer.city,
        region=buyer.region,
        postal_code=buyer.postal_code,
        country=buyer.country,
    )


def _pay(order: Order, *, at: datetime) -> None:
    held = _answer(order.payment_id, order.total.amount)
    payments.record_authorization(payment_id=order.payment_id, answer=held, now=at)
    orders.confirm_order(order_id=order.id, now=at)
    if order.coupon_codes:
        pricing.redeem_coupons(order.id)
    inventory.confirm_reservation(order_id=order.id, now=at)
    taken = _answer(new_id(), order.total.amount)
    payments.record_capture(payment_id=order.payment_id, answer=taken, now=at)
    orders.mark_paid(order_id=order.id, payment_id=order.payment_id, now=at)


def _decline(order: Order, *, at: datetime) -> None:
    refusal = GatewayAnswer(
        outcome="declined", attempt_id=order.payment_id, decline_code="insufficient_funds"
    )
    payments.record_authorization(payment_id=order.payment_id, answer=refusal, now=at)
    orders.cancel_order(order_id=order.id, reason="declined", viewer=SYSTEM, now=at)


def _call_off(order: Order, buyer: Buyer, *, at: datetime) -> None:
    viewer = SYSTEM
    if buyer.user_id:
        viewer = Viewer(user_id=buyer.user_id, roles=frozenset({CUSTOMER}))
    orders.cancel_order(order_id=order.id, reason="changed my mind", viewer=viewer, now=at)
    _give_back(order, order.total.amount, "the order was cancelled", at=at)


def _give_back(order: Order, amount_minor: int, reason: str, *, at: datetime) -> None:
    refund_id = new_id()
    payments.request_refund(
        payment_id=order.payment_id, refund_id=refund_id, amount_minor=amount_minor, reason=reason
    )
    payments.record_refund(refund_id=refund_id, answer=_answer(refund_id, amount_minor), now=at)


def _answer(attempt_id: UUID, amount_minor: int) -> GatewayAnswer:
    return GatewayAnswer(
        outcome="succeeded",
        attempt_id=attempt_id,
        amount_minor=amount_minor,
        reference=f"former-{attempt_id}",
    )
