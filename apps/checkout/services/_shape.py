"""From rows of checkouts and sagas to what the room hands out and announces."""

from datetime import datetime
from typing import Any, TypeVar

from apps.checkout.events import CheckoutFacts
from apps.checkout.queries import CheckoutRecord, LineRecord, SagaRecord
from apps.checkout.types import Checkout, CheckoutLine, Reason, Saga, SagaEntry
from ecommerce.money import Money

F = TypeVar("F", bound=CheckoutFacts)
_ORDERED = {"PROCESSING", "COMPLETED", "FAILED"}


def checkout_of(record: CheckoutRecord) -> Checkout:
    """The checkout as its owner sees it."""
    currency = record.currency
    ordered = record.status in _ORDERED
    return Checkout(
        id=record.id,
        status=record.status,
        version=record.version,
        attempt=record.attempt,
        cart_id=record.cart_id,
        cart_version=record.cart_version,
        channel=record.channel,
        currency=currency,
        lines=tuple(_line_of(line, currency) for line in record.lines),
        subtotal=Money(record.subtotal_minor, currency),
        discount=Money(record.discount_minor, currency),
        shipping=Money(record.shipping_minor, currency),
        shipping_tax=Money(record.shipping_tax_minor, currency),
        tax=Money(record.tax_minor, currency),
        total=Money(record.total_minor, currency),
        prices_include_tax=record.prices_include_tax,
        coupon_codes=record.coupon_codes,
        reasons=tuple(Reason(rule=r.rule, outcome=r.outcome, why=r.why) for r in record.reasons),
        shipping_method=record.shipping_method,
        shipping_name=record.shipping_name,
        email=record.email,
        shipping_address=record.shipping_address,
        billing_address=record.billing_address,
        quote_id=record.quote_id,
        order_id=record.order_id if ordered else None,
        order_number=record.order_number or None,
        payment_id=record.payment_id if ordered and record.total_minor else None,
        failure_code=record.failure_code,
        decline_code=record.decline_code,
        created_at=record.created_at,
        expires_at=record.expires_at,
        completed_at=record.completed_at,
    )


def saga_of(record: SagaRecord) -> Saga:
    """The saga as operators see it."""
    return Saga(
        id=record.id,
        name=record.name,
        state=record.state.value,
        step=record.step.value,
        checkout_id=record.checkout.id,
        attempt=record.attempt,
        order_id=record.order_id,
        payment_id=record.payment_id,
        tries=record.tries,
        last_error=record.last_error,
        failure=record.failure,
        log=tuple(
            SagaEntry(
                step=entry["step"],
                outcome=entry["outcome"],
                detail=entry.get("detail", ""),
                at=datetime.fromisoformat(entry["at"]),
            )
            for entry in record.log
        ),
        next_attempt_at=record.next_attempt_at,
        lease_until=record.lease_until,
        created_at=record.created_at,
        updated_at=record.updated_at,
    )


def facts_of(kind: type[F], record: CheckoutRecord, **extra: Any) -> F:
    """The event of that kind about the checkout as it stands now."""
    return kind(
        checkout_id=record.id,
        cart_id=record.cart_id,
        customer_id=record.customer_id,
        channel=record.channel,
        currency=record.currency,
        total_minor=record.total_minor,
        quote_id=record.quote_id,
        attempt=record.attempt,
        **extra,
    )


def _line_of(line: LineRecord, currency: str) -> CheckoutLine:
    return CheckoutLine(
        line_id=line.line_id,
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
