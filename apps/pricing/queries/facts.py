"""The few set-based reads that a quote is made of: prices, tax rates, rules."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.pricing.domain.facts import CouponFact, RateFact, RuleFact
from apps.pricing.types import UnitPrice
from ecommerce.sql import fetch_all

# One index probe per SKU: the list of the highest priority that has a price, and in it the
# highest tier that the quantity reaches. The ORM has no LATERAL.
_PRICES = """
SELECT wanted.sku_id, p.amount_minor, p.compare_at_minor, p.prices_include_tax, p.id, p.version,
       p.code, p.min_quantity
FROM unnest((SELECT %(skus)s::uuid[]), (SELECT %(quantities)s::int[])) AS wanted(sku_id, quantity)
CROSS JOIN LATERAL (
    SELECT price.amount_minor, price.compare_at_minor, list.prices_include_tax, price.id,
           price.version, list.code, price.min_quantity
    FROM pricing_price price
    JOIN pricing_pricelist list ON list.id = price.price_list_id
    WHERE price.sku_id = wanted.sku_id
      AND price.withdrawn_at IS NULL
      AND price.valid_during @> %(at)s::timestamptz
      AND price.min_quantity <= wanted.quantity
      AND list.channel = %(channel)s AND list.currency = %(currency)s AND list.status = 'active'
      AND (list.valid_from IS NULL OR list.valid_from <= %(at)s)
      AND (list.valid_to IS NULL OR list.valid_to > %(at)s)
    ORDER BY list.priority DESC, list.id, price.min_quantity DESC
    LIMIT 1
) p
"""

_RATES = """
SELECT id, tax_class, region, rate, name
FROM pricing_taxrate
WHERE country = %(country)s AND region IN ('', %(region)s) AND tax_class = ANY(%(classes)s)
  AND valid_during @> %(at)s::timestamptz
ORDER BY tax_class, region, id
"""

# Automatic rules of the channel, and whatever the entered codes lead to, usable or not:
# a refused code must be told why.
_RULES = """
SELECT p.id, p.code, p.name, p.version, p.status = 'active', p.priority, p.stacking = 'exclusive',
       p.channel, p.currency, p.effect, p.percent, p.amount_minor, p.min_subtotal_minor,
       p.sku_ids, p.category_ids, p.valid_from, p.valid_to,
       NULL, NULL, NULL::timestamptz, NULL::timestamptz, NULL::int, NULL::int, NULL::int, NULL::int
FROM pricing_promotion p
WHERE p.status = 'active' AND NOT p.needs_coupon AND p.channel IN ('', %(channel)s)
  AND (p.valid_from IS NULL OR p.valid_from <= %(at)s)
  AND (p.valid_to IS NULL OR p.valid_to > %(at)s)
UNION ALL
SELECT p.id, p.code, p.name, p.version, p.status = 'active', p.priority, p.stacking = 'exclusive',
       p.channel, p.currency, p.effect, p.percent, p.amount_minor, p.min_subtotal_minor,
       p.sku_ids, p.category_ids, p.valid_from, p.valid_to,
       c.code, c.status = 'active', c.valid_from, c.valid_to, c.usage_limit, c.per_customer_limit,
       c.held + c.redeemed,
       (SELECT count(*)::int FROM pricing_couponuse u
        WHERE u.coupon_id = c.id AND u.customer_id = %(customer)s AND u.status <> 'released')
FROM pricing_coupon c JOIN pricing_promotion p ON p.id = c.promotion_id
WHERE c.code = ANY((SELECT %(codes)s::text[])::text[])
"""


def unit_prices(
    wanted: Mapping[UUID, int], *, channel: str, currency: str, at: datetime
) -> dict[UUID, UnitPrice]:
    """The price of each SKU at the quantity wanted; a SKU without one is left out. One statement."""
    if not wanted:
        return {}
    rows = fetch_all(
        _PRICES,
        skus=list(wanted),
        quantities=list(wanted.values()),
        channel=channel,
        currency=currency,
        at=at,
    )
    return {
        sku_id: UnitPrice(
            sku_id=sku_id,
            amount_minor=amount,
            currency=currency,
            compare_at_minor=compare_at,
            includes_tax=includes_tax,
            price_id=price_id,
            version=version,
            price_list=code,
            min_quantity=min_quantity,
        )
        for sku_id, amount, compare_at, includes_tax, price_id, version, code, min_quantity in rows
    }


def tax_rates(
    *, country: str | None, region: str | None, classes: Iterable[str], at: datetime
) -> tuple[RateFact, ...]:
    """The country's rates of these classes, and the region's. Nothing is asked without a country."""
    if not country:
        return ()
    rows = fetch_all(
        _RATES, country=country, region=region or "", classes=sorted(set(classes)), at=at
    )
    return tuple(
        RateFact(rate_id=rate_id, tax_class=tax_class, region=of_region, percent=percent, name=name)
        for rate_id, tax_class, of_region, percent, name in rows
    )


def rules(
    *, channel: str, codes: Iterable[str], customer_id: UUID | None, at: datetime
) -> tuple[RuleFact, ...]:
    """The automatic promotions of the channel, and those that the codes lead to. One statement."""
    rows = fetch_all(_RULES, channel=channel, codes=list(codes), customer=customer_id, at=at)
    return tuple(_rule(*row) for row in sorted(rows, key=lambda row: (str(row[0]), row[17] or "")))


def _rule(*row: Any) -> RuleFact:
    return RuleFact(
        rule_id=row[0],
        code=row[1],
        name=row[2],
        version=row[3],
        active=row[4],
        priority=row[5],
        exclusive=row[6],
        channel=row[7],
        currency=row[8],
        effect=row[9],
        percent=row[10],
        amount_minor=row[11],
        min_subtotal_minor=row[12],
        sku_ids=tuple(row[13]),
        category_ids=tuple(row[14]),
        valid_from=row[15],
        valid_to=row[16],
        coupon=_coupon(*row[17:]) if row[17] else None,
    )


def _coupon(*row: Any) -> CouponFact:
    return CouponFact(
        code=row[0],
        active=row[1],
        valid_from=row[2],
        valid_to=row[3],
        usage_limit=row[4],
        per_customer_limit=row[5],
        used=row[6],
        used_by_customer=row[7],
    )
