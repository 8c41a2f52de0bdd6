"""Freezing what a cart costs."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.cart import services as cart
from apps.cart.types import CartSnapshot
from apps.catalog import services as catalog
from apps.catalog.types import Sku
from apps.checkout.errors import NotForSale, ShippingUnavailable
from apps.checkout.events import CheckoutStarted
from apps.checkout.models import Checkout as CheckoutRow
from apps.checkout.queries import CheckoutRecord, LineRecord, ReasonRecord
from apps.checkout.services._shape import checkout_of, facts_of
from apps.checkout.types import Checkout, StartCheckout
from apps.inventory import services as inventory
from apps.inventory.errors import OutOfStock
from apps.payments import services as payments
from apps.pricing import services as pricing
from apps.pricing.types import Quote, QuoteCart, QuotedLine, QuoteLine
from apps.shipping import services as shipping
from apps.shipping.types import ShippingOption
from ecommerce.dimensions import MERCHANT
from ecommerce.events import publish
from ecommerce.ids import new_id

PROMISE = timedelta(minutes=30)
"""How long the prices of a checkout stand."""


@transaction.atomic(savepoint=False)
def start_checkout(command: StartCheckout, *, now: datetime) -> Checkout:
    """Price the cart, see that it is in stock and can be sent, and freeze the quote for 30 minutes.

    Nothing is reserved yet. Raises, in this order, payments' CardNumberSent, the cart's refusals,
    NotForSale, OutOfStock (with what is available), ShippingUnavailable (with the options that there
    are), and pricing's PriceMissing.
    """
    payments.refuse_card_number(command.payment_method)
    snapshot = cart.checkout_snapshot(cart_id=command.cart_id, viewer=command.viewer)
    skus = _sellable(snapshot)
    _refuse_short_lines(snapshot)
    option = _shipping_option(command, snapshot, skus)
    quote = pricing.quote_cart(_question(command, snapshot, skus, option), now=now)
    record = _record(command, snapshot, skus, option, quote, now)
    CheckoutRow.objects.create(**_row(record))
    publish(facts_of(CheckoutStarted, record))
    return checkout_of(record)


def _sellable(snapshot: CartSnapshot) -> Mapping[UUID, Sku]:
    wanted = [line.sku_id for line in snapshot.lines]
    skus = catalog.find_skus(ids=wanted, locale=snapshot.locale, channel=snapshot.channel)
    gone = sorted({str(i) for i in wanted if i not in skus or not skus[i].sellable})
    if gone:
        raise NotForSale("Take them out of the cart to go on.", sku_ids=gone)
    return skus


def _shipping_option(
    command: StartCheckout, snapshot: CartSnapshot, skus: Mapping[UUID, Sku]
) -> ShippingOption:
    weight = shipping.goods_weight(
        (skus[line.sku_id].weight_grams, line.quantity) for line in snapshot.lines
    )
    options = _options(command, snapshot, weight)
    for option in options:
        if option.code == command.shipping_method:
            return option
    raise ShippingUnavailable(
        _why_not_sent(command, snapshot, weight), options=[option.code for option in options]
    )


def _options(
    command: StartCheckout, snapshot: CartSnapshot, weight: int
) -> tuple[ShippingOption, ...]:
    return shipping.shipping_options(
        country=command.shipping_address.country,
        weight_grams=weight,
        currency=snapshot.currency,
        channel=snapshot.channel,
    )


def _why_not_sent(command: StartCheckout, snapshot: CartSnapshot, weight: int) -> str:
    """The weight is to blame where the method takes a lighter parcel there."""
    method = command.shipping_method
    if method in {option.code for option in _options(command, snapshot, 0)}:
        kilograms = f"{weight / 1000:g}"
        return f"{method!r} does not take goods of {kilograms} kg. Buy less at once, or choose another way."
    return f"{method!r} does not go there."


def _question(
    command: StartCheckout,
    snapshot: CartSnapshot,
    skus: Mapping[UUID, Sku],
    option: ShippingOption,
) -> QuoteCart:
    return QuoteCart(
        channel=snapshot.channel,
        currency=snapshot.currency,
        country=command.shipping_address.country,
        region=command.shipping_address.region or None,
        lines=tuple(
            QuoteLine(
                line_id=line.line_id,
                sku_id=line.sku_id,
                product_id=skus[line.sku_id].product_id,
                category_ids=skus[line.sku_id].category_ids,
                tax_class=skus[line.sku_id].tax_class,
                quantity=line.quantity,
            )
            for line in snapshot.lines
        ),
        coupon_codes=tuple(dict.fromkeys(snapshot.coupon_codes + command.coupon_codes)),
        shipping_minor=option.amount_minor,
        customer_id=snapshot.customer_id,
        record=True,
    )


def _refuse_short_lines(snapshot: CartSnapshot) -> None:
    stock = inventory.availability(sku_ids=[line.sku_id for line in snapshot.lines])
    short = [
        {
            "sku_id": str(line.sku_id),
            "requested": line.quantity,
            "available": max(stock[line.sku_id].available, 0) if line.sku_id in stock else 0,
        }
        for line in snapshot.lines
        if line.sku_id not in stock or stock[line.sku_id].orderable < line.quantity
    ]
    if short:
        raise OutOfStock(lines=short)


def _record(
    command: StartCheckout,
    snapshot: CartSnapshot,
    skus: Mapping[UUID, Sku],
    option: ShippingOption,
    quote: Quote,
    now: datetime,
) -> CheckoutRecord:
    return CheckoutRecord(
        id=new_id(),
        status="OPEN",
        version=1,
        attempt=1,
        cart_id=snapshot.id,
        cart_version=snapshot.version,
        customer_id=snapshot.customer_id,
        guest_token_hash=snapshot.guest_token_hash,
        merchant=MERCHANT,
        channel=snapshot.channel,
        locale=snapshot.locale,
        currency=snapshot.currency,
        email=command.email,
        shipping_address=command.shipping_address,
        billing_address=command.billing_address or command.shipping_address,
        shipping_method=option.code,
        shipping_name=option.name,
        payment_method=command.payment_method,
        quote_id=quote.id,
        lines=tuple(_line(line, skus[line.sku_id]) for line in quote.lines),
        reasons=tuple(
            ReasonRecord(rule=r.rule, outcome=r.outcome, why=r.why) for r in quote.reasons
        ),
        coupon_codes=quote.coupon_codes,
        prices_include_tax=quote.prices_include_tax,
        subtotal_minor=quote.subtotal_minor,
        discount_minor=quote.discount_minor,
        shipping_minor=quote.shipping_minor,
        shipping_tax_minor=quote.shipping_tax_minor,
        tax_minor=quote.tax_minor,
        total_minor=quote.total_minor,
        order_id=new_id(),
        payment_id=new_id(),
        order_number="",
        failure_code="",
        decline_code="",
        created_at=now,
        expires_at=now + PROMISE,
        completed_at=None,
    )


def _line(line: QuotedLine, sku: Sku) -> LineRecord:
    return LineRecord(
        line_id=line.line_id,
        sku_id=line.sku_id,
        sku_code=sku.code,
        product_id=sku.product_id,
        title=_title(sku),
        seller=sku.seller,
        quantity=line.quantity,
        unit_price_minor=line.unit_price_minor,
        subtotal_minor=line.subtotal_minor,
        discount_minor=line.discount_minor,
        tax_minor=line.tax_minor,
        tax_rate=line.tax_rate,
        total_minor=line.total_minor,
    )


def _title(sku: Sku) -> str:
    options = ", ".join(sku.options.values())
    return f"{sku.product_title} ({options})" if options else sku.product_title


def _row(record: CheckoutRecord) -> dict[str, Any]:
    row = {name: getattr(record, name) for name in record.__struct_fields__}
    row["lines"] = [_plain(line) for line in record.lines]
    row["reasons"] = [_plain(reason) for reason in record.reasons]
    row["coupon_codes"] = list(record.coupon_codes)
    row["shipping_address"] = asdict(record.shipping_address)
    row["billing_address"] = asdict(record.billing_address)
    return row


def _plain(record: LineRecord | ReasonRecord) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in record.__struct_fields__}
    return {name: v if isinstance(v, int) else str(v) for name, v in values.items()}
