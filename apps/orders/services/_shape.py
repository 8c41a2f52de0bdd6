"""From rows of orders to what the room hands out and announces."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from apps.orders.domain.transitions import why_not_cancelable
from apps.orders.events import OrderFacts, OrderUpdated, SoldLine
from apps.orders.queries import AddressRecord, LineRecord, OrderRecord
from apps.orders.types import Address, Order, OrderLine
from ecommerce.money import Money

F = TypeVar("F", bound=OrderFacts)


def order_of(record: OrderRecord) -> Order:
    """The order as its owner sees it."""
    currency = record.currency
    return Order(
        id=record.id,
        number=record.number,
        status=record.status.value,
        version=record.version,
        checkout_id=record.checkout_id,
        quote_id=record.quote_id,
        payment_id=record.payment_id,
        customer_id=record.customer_id,
        merchant=record.merchant,
        channel=record.channel,
        locale=record.locale,
        currency=currency,
        lines=tuple(_line_of(line, currency) for line in record.lines),
        subtotal=Money(record.subtotal_minor, currency),
        discount=Money(record.discount_minor, currency),
        shipping=Money(record.shipping_minor, currency),
        shipping_tax=Money(record.shipping_tax_minor, currency),
        tax=Money(record.tax_minor, currency),
        total=Money(record.total_minor, currency),
        payment_status=record.payment_status.value,
        refunded=Money(record.refunded_minor, currency),
        prices_include_tax=record.prices_include_tax,
        shipping_method=record.shipping_method,
        coupon_codes=record.coupon_codes,
        email=next((a.email for a in record.addresses), ""),
        shipping_address=_address_of(record.addresses, "SHIPPING"),
        billing_address=_address_of(record.addresses, "BILLING"),
        status_reason=record.status_reason,
        placed_at=record.placed_at,
        updated_at=record.updated_at,
        fulfilment_started_at=record.fulfilment_started_at,
        cancelable=cancelable(record),
    )


def cancelable(record: OrderRecord) -> bool:
    """May the order still be called off?"""
    started = record.fulfilment_started_at is not None
    return why_not_cancelable(record.status, fulfilment_started=started) is None


def facts_of(
    kind: type[F], record: OrderRecord, *, previous: str | None, now: datetime, **extra: object
) -> F:
    """The event of that kind about the order as it stands now."""
    return kind(
        order_id=record.id,
        number=record.number,
        status=record.status.value,
        previous_status=previous,
        version=record.version,
        checkout_id=record.checkout_id,
        payment_id=record.payment_id,
        customer_id=record.customer_id,
        merchant=record.merchant,
        channel=record.channel,
        locale=record.locale,
        currency=record.currency,
        prices_include_tax=record.prices_include_tax,
        subtotal_minor=record.subtotal_minor,
        discount_minor=record.discount_minor,
        shipping_minor=record.shipping_minor,
        shipping_tax_minor=record.shipping_tax_minor,
        tax_minor=record.tax_minor,
        total_minor=record.total_minor,
        shipping_method=record.shipping_method,
        coupon_codes=record.coupon_codes,
        lines=tuple(_sold_line_of(line) for line in record.lines),
        placed_at=record.placed_at,
        occurred_at=now,
        shipping_country=_shipping_country_of(record),
        **extra,
    )


def _shipping_country_of(record: OrderRecord) -> str | None:
    return next((one.country for one in record.addresses if one.kind == "SHIPPING"), None)


def update_of(record: OrderRecord, *, now: datetime) -> OrderUpdated:
    """The event that tells of a change which left the status as it was."""
    return facts_of(
        OrderUpdated,
        record,
        previous=record.status.value,
        now=now,
        fulfilment_started=record.fulfilment_started_at is not None,
        payment_status=record.payment_status.value,
        refunded_minor=record.refunded_minor,
    )


def _sold_line_of(line: LineRecord) -> SoldLine:
    return SoldLine(
        line_id=line.id,
        sku_id=line.sku_id,
        sku_code=line.sku_code,
        product_id=line.product_id,
        seller=line.seller,
        quantity=line.quantity,
        unit_price_minor=line.unit_price_minor,
        subtotal_minor=line.subtotal_minor,
        discount_minor=line.discount_minor,
        tax_minor=line.tax_minor,
        total_minor=line.total_minor,
    )


def _line_of(line: LineRecord, currency: str) -> OrderLine:
    return OrderLine(
        id=line.id,
        sku_id=line.sku_id,
        sku_code=line.sku_code,
        product_id=line.product_id,
        title=line.title,
        seller=line.seller,
        quantity=line.quantity,
        unit_price=Money(line.unit_price_minor, currency),
        subtotal=Money(line.subtotal_minor, currency),
        discount=Money(line.discount_minor, currency),
        tax=Money(line.tax_minor, currency),
        tax_rate=line.tax_rate,
        total=Money(line.total_minor, currency),
    )


def _address_of(addresses: Iterable[AddressRecord], kind: str) -> Address | None:
    found = next((a for a in addresses if a.kind == kind), None)
    if found is None:
        return None
    return Address(
        name=found.name,
        company=found.company,
        line1=found.line1,
        line2=found.line2,
        city=found.city,
        postal_code=found.postal_code,
        region=found.region,
        country=found.country,
        phone=found.phone,
    )
