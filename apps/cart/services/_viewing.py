"""The cart as the shopper sees it: live prices, live availability, and what is wrong with it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from apps.cart.domain.problems import problems_of
from apps.cart.services._reading import get_snapshot
from apps.cart.types import CartLine, CartLineView, CartSnapshot, CartView
from apps.catalog.services import find_skus
from apps.catalog.types import Sku
from apps.inventory.services import availability
from apps.pricing.errors import PriceMissing
from apps.pricing.services import quote_cart
from apps.pricing.types import Quote, QuoteCart, QuotedLine, QuoteLine
from ecommerce.identity import Viewer


def get_cart(*, cart_id: UUID, viewer: Viewer, now: datetime) -> CartView:
    """A cart with what it costs at ``now``. At most six statements. Raises CartNotFound.

    A line that cannot be bought (no longer for sale, without a price, out of stock) is no error: it
    is listed among the problems, and left out of the total where it has no price.
    """
    return view_cart(get_snapshot(cart_id=cart_id, viewer=viewer), now=now)


def view_cart(cart: CartSnapshot, *, now: datetime) -> CartView:
    """The same for a cart that was read already."""
    wanted = {line.sku_id for line in cart.lines}
    skus = find_skus(ids=wanted, locale=cart.locale, channel=cart.channel) if wanted else {}
    stock = availability(sku_ids=wanted) if wanted else {}
    quote = price(cart, skus, coupon_codes=cart.coupon_codes, now=now)
    priced = {line.line_id: line for line in quote.lines} if quote else {}
    lines = tuple(
        _line(
            line,
            skus.get(line.sku_id),
            priced.get(line.line_id),
            currency=cart.currency,
            available=stock[line.sku_id].orderable if line.sku_id in stock else 0,
        )
        for line in cart.lines
    )
    sellable = {sku_id for sku_id, sku in skus.items() if sku.sellable}
    return CartView(
        cart=cart,
        lines=lines,
        quote=quote,
        problems=problems_of(
            cart, lines, sellable=sellable, reasons=quote.reasons if quote else ()
        ),
    )


def price(
    cart: CartSnapshot, skus: Mapping[UUID, Sku], *, coupon_codes: tuple[str, ...], now: datetime
) -> Quote | None:
    """Price the lines that can be priced; None where there are none. Nothing is recorded."""
    lines = tuple(_to_price(line, skus[line.sku_id]) for line in cart.lines if line.sku_id in skus)
    for _ in range(2):
        if not lines:
            return None
        try:
            return quote_cart(_quotable(cart, lines, coupon_codes), now=now)
        except PriceMissing as refusal:
            missing = set(refusal.facts["sku_ids"])
            lines = tuple(line for line in lines if str(line.sku_id) not in missing)
    return None


def _to_price(line: CartLine, sku: Sku) -> QuoteLine:
    return QuoteLine(
        line_id=line.line_id,
        sku_id=line.sku_id,
        product_id=sku.product_id,
        category_ids=sku.category_ids,
        tax_class=sku.tax_class,
        quantity=line.quantity,
    )


def _quotable(
    cart: CartSnapshot, lines: tuple[QuoteLine, ...], coupon_codes: tuple[str, ...]
) -> QuoteCart:
    return QuoteCart(
        channel=cart.channel,
        currency=cart.currency,
        country=cart.country,
        region=cart.region,
        lines=lines,
        coupon_codes=coupon_codes,
        customer_id=cart.customer_id,
        record=False,
    )


def _line(
    line: CartLine, sku: Sku | None, priced: QuotedLine | None, *, currency: str, available: int
) -> CartLineView:
    return CartLineView(
        line_id=line.line_id,
        sku_id=line.sku_id,
        sku=sku.code if sku else "",
        product_id=sku.product_id if sku else None,
        title=sku.product_title if sku else "",
        options=sku.options if sku else {},
        image=sku.image if sku else None,
        quantity=line.quantity,
        currency=currency,
        unit_price_minor=priced.unit_price_minor if priced else None,
        list_price_minor=priced.list_price_minor if priced else None,
        subtotal_minor=priced.subtotal_minor if priced else None,
        discount_minor=priced.discount_minor if priced else None,
        tax_minor=priced.tax_minor if priced else None,
        total_minor=priced.total_minor if priced else None,
        available=available,
    )
