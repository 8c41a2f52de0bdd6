"""Questions that change nothing: what would this cost, would that code work?"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from apps.catalog.errors import SkuNotFound
from apps.catalog.services import find_skus
from apps.pricing.domain.codes import normal_code
from apps.pricing.errors import PriceMissing
from apps.pricing.services._quote import quote_cart
from apps.pricing.types import (
    APPLIED,
    CouponDecision,
    EvaluateItems,
    Quote,
    QuoteCart,
    QuoteLine,
    ResolvedPrices,
)
from ecommerce.ids import new_id


def sku_named(name: str) -> UUID:
    """The id of a SKU that is told by its id or its code. Raises SkuNotFound for an unknown code."""
    try:
        return UUID(name)
    except ValueError:
        pass
    found = find_skus(codes=[name])
    if not found:
        raise SkuNotFound
    return next(iter(found))


def evaluate_items(command: EvaluateItems, *, now: datetime) -> Quote:
    """Price items as a cart would be, promotions and codes included; nothing is recorded or held.

    Raises PriceMissing, naming the SKUs that are unknown or have no price.
    """
    skus = find_skus(ids={item.sku_id for item in command.items})
    unknown = {item.sku_id for item in command.items} - skus.keys()
    if unknown:
        raise PriceMissing("Unknown SKUs", sku_ids=sorted(map(str, unknown)))
    lines = tuple(
        QuoteLine(
            line_id=new_id(),
            sku_id=item.sku_id,
            product_id=skus[item.sku_id].product_id,
            category_ids=skus[item.sku_id].category_ids,
            tax_class=skus[item.sku_id].tax_class,
            quantity=item.quantity,
        )
        for item in command.items
    )
    return quote_cart(_as_cart(command, lines), now=now)


def resolve_prices(command: EvaluateItems, *, now: datetime) -> ResolvedPrices:
    """As ``evaluate_items``, but SKUs without a price are listed, not refused."""
    try:
        return ResolvedPrices(quote=evaluate_items(command, now=now), missing_sku_ids=())
    except PriceMissing as refusal:
        missing = {UUID(sku_id) for sku_id in refusal.facts["sku_ids"]}
    rest = resolve_prices(_without(command, missing), now=now)
    return ResolvedPrices(
        quote=rest.quote, missing_sku_ids=tuple(sorted({*missing, *rest.missing_sku_ids}))
    )


def validate_coupon(command: EvaluateItems, *, code: str, now: datetime) -> CouponDecision:
    """Would the code bring a discount to these items? The decision, and the reasons that concern it."""
    quote = evaluate_items(command, now=now)
    name = normal_code(code) or code
    reasons = tuple(reason for reason in quote.reasons if reason.rule.endswith(f"coupon:{name}"))
    applied = [reason for reason in reasons if reason.outcome == APPLIED]
    return CouponDecision(
        code=name,
        decision="accepted" if applied else "refused",
        inputs_version=quote.inputs_version,
        discount_minor=sum(reason.amount_minor for reason in applied),
        currency=quote.currency,
        reasons=reasons,
    )


def _as_cart(command: EvaluateItems, lines: tuple[QuoteLine, ...]) -> QuoteCart:
    return QuoteCart(
        channel=command.channel,
        currency=command.currency,
        country=command.country,
        region=command.region,
        lines=lines,
        coupon_codes=command.coupon_codes,
        customer_id=command.customer_id,
        record=False,
    )


def _without(command: EvaluateItems, missing: Collection[UUID]) -> EvaluateItems:
    return replace(
        command, items=tuple(item for item in command.items if item.sku_id not in missing)
    )
