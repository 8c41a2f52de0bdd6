"""The one place where a price is computed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.pricing.domain.facts import QuoteInputs, RateFact
from apps.pricing.domain.promotions import Basket, apply_rules
from apps.pricing.domain.tax import rate_for, tax_of
from apps.pricing.types import REFUSED, QuotedLine, QuoteLine, Reason, UnitPrice

ALGORITHM = "quote-1"
"""Named in every recorded quote. A change to the arithmetic gets a new name beside the old one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Priced:
    """The computed part of a quote."""

    prices_include_tax: bool
    lines: tuple[QuotedLine, ...]
    subtotal_minor: int
    discount_minor: int
    shipping_minor: int
    shipping_discount_minor: int
    shipping_tax_minor: int
    tax_minor: int
    total_minor: int
    coupon_codes: tuple[str, ...]
    reasons: tuple[Reason, ...]


def price_cart(inputs: QuoteInputs) -> Priced:
    """Price every line, take the discounts off, tell the tax.

    Rounding: a percentage is rounded half up once per rule and then allocated to lines by largest
    remainder; tax is rounded half up once per line and once for shipping. Lines are worked through in
    the order of their SKUs, so that the order in which they were put in changes nothing.
    """
    cart = inputs.cart
    prices = {price.sku_id: price for price in inputs.prices}
    included = all(price.includes_tax for price in inputs.prices)
    lines = sorted(cart.lines, key=lambda line: (line.sku_id, line.line_id))
    basket = Basket(
        [prices[line.sku_id].amount_minor * line.quantity for line in lines], cart.shipping_minor
    )
    reasons = apply_rules(cart=cart, lines=lines, basket=basket, rules=inputs.rules, at=inputs.at)
    quoted = {
        line.line_id: _line(
            line, prices[line.sku_id], left, _rate(inputs, line.tax_class), included
        )
        for line, left in zip(lines, basket.left, strict=True)
    }
    shipping_tax = tax_of(
        basket.shipping, _percent(_rate(inputs, cart.shipping_tax_class)), included=included
    )
    return _sum(
        inputs,
        lines=tuple(quoted[line.line_id] for line in cart.lines),
        basket=basket,
        shipping_tax_minor=shipping_tax,
        included=included,
        reasons=reasons + _unknown_codes(inputs) + _untaxed(inputs),
    )


def _line(
    line: QuoteLine, price: UnitPrice, left: int, rate: RateFact | None, included: bool
) -> QuotedLine:
    tax = tax_of(left, _percent(rate), included=included)
    subtotal = price.amount_minor * line.quantity
    return QuotedLine(
        line_id=line.line_id,
        sku_id=line.sku_id,
        quantity=line.quantity,
        unit_price_minor=price.amount_minor,
        list_price_minor=price.compare_at_minor,
        subtotal_minor=subtotal,
        discount_minor=subtotal - left,
        tax_minor=tax,
        tax_rate=_percent(rate),
        total_minor=left if included else left + tax,
    )


def _sum(
    inputs: QuoteInputs,
    *,
    lines: tuple[QuotedLine, ...],
    basket: Basket,
    shipping_tax_minor: int,
    included: bool,
    reasons: tuple[Reason, ...],
) -> Priced:
    return Priced(
        prices_include_tax=included,
        lines=lines,
        subtotal_minor=sum(line.subtotal_minor for line in lines),
        discount_minor=sum(line.discount_minor for line in lines),
        shipping_minor=basket.shipping,
        shipping_discount_minor=inputs.cart.shipping_minor - basket.shipping,
        shipping_tax_minor=shipping_tax_minor,
        tax_minor=sum(line.tax_minor for line in lines) + shipping_tax_minor,
        total_minor=sum(line.total_minor for line in lines)
        + basket.shipping
        + (0 if included else shipping_tax_minor),
        coupon_codes=tuple(sorted(rule.coupon.code for rule in basket.applied if rule.coupon)),
        reasons=reasons,
    )


def _percent(rate: RateFact | None) -> Decimal:
    return rate.percent if rate else Decimal(0)


def _rate(inputs: QuoteInputs, tax_class: str) -> RateFact | None:
    return rate_for(inputs.rates, tax_class=tax_class, region=inputs.cart.region)


def _unknown_codes(inputs: QuoteInputs) -> tuple[Reason, ...]:
    known = {rule.coupon.code for rule in inputs.rules if rule.coupon}
    return tuple(
        Reason(
            rule=f"coupon:{code}",
            outcome=REFUSED,
            code="coupon-unknown",
            why="there is no such code",
        )
        for code in sorted(set(inputs.cart.coupon_codes) - known)
    )


def _untaxed(inputs: QuoteInputs) -> tuple[Reason, ...]:
    """A tax that could not be told is said aloud, not left to be taken for zero."""
    country = inputs.cart.country
    if not country:
        return (
            Reason(
                rule="tax", outcome=REFUSED, code="no-country", why="where it goes is not known yet"
            ),
        )
    return tuple(
        Reason(
            rule=f"tax:{tax_class}",
            outcome=REFUSED,
            code="no-rate",
            why=f"{country} has no rate of this class",
        )
        for tax_class in _classes(inputs.cart.lines)
        if _rate(inputs, tax_class) is None
    )


def _classes(lines: Sequence[QuoteLine]) -> list[str]:
    return sorted({line.tax_class for line in lines})
