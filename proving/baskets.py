"""Random baskets with prices, taxes and promotions, for sums to be checked on."""

from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from uuid import UUID

from apps.pricing.domain.facts import QuoteInputs, RateFact, RuleFact
from apps.pricing.types import EFFECTS, FIXED, PERCENTAGE, QuoteCart, QuoteLine, UnitPrice

CURRENCIES = {"JPY": 100_000, "EUR": 500_000, "KWD": 900_000}
"""With no, two and three decimals, and how dear a unit is at most, in minor units."""
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
CLASSES = ("standard", "reduced")


def random_basket(random: Random) -> QuoteInputs:
    """Up to eight lines, taxed or with the tax in the prices, and up to four promotions."""
    currency = random.choice(list(CURRENCIES))
    included = random.random() < 0.5
    skus = [UUID(int=number + 1) for number in range(random.randint(1, 8))]
    lines = tuple(
        QuoteLine(
            line_id=UUID(int=number + 100),
            sku_id=sku,
            product_id=sku,
            quantity=random.randint(1, 99),
            tax_class=random.choice(CLASSES),
        )
        for number, sku in enumerate(skus)
    )
    cart = QuoteCart(
        channel="web",
        currency=currency,
        country="NL",
        lines=lines,
        shipping_minor=random.choice((0, 495, 999)),
    )
    return QuoteInputs(
        at=AT,
        cart=cart,
        prices=tuple(_price(sku, currency, random, included=included) for sku in skus),
        rates=tuple(_rate(tax_class, random) for tax_class in CLASSES),
        rules=tuple(_rule(number, skus, random) for number in range(random.randint(0, 4))),
    )


def _price(sku: UUID, currency: str, random: Random, *, included: bool) -> UnitPrice:
    return UnitPrice(
        sku_id=sku,
        amount_minor=random.randint(0, CURRENCIES[currency]),
        currency=currency,
        compare_at_minor=None,
        includes_tax=included,
        price_id=sku,
        version=1,
        price_list="web",
    )


def _rate(tax_class: str, random: Random) -> RateFact:
    return RateFact(
        rate_id=UUID(int=1), tax_class=tax_class, region="", percent=_percent(random), name="VAT"
    )


def _rule(number: int, skus: list[UUID], random: Random) -> RuleFact:
    effect = random.choice(EFFECTS)
    return RuleFact(
        rule_id=UUID(int=number + 1_000),
        code=f"rule-{number}",
        name=f"Rule {number}",
        version=1,
        active=True,
        priority=random.randint(-2, 2),
        exclusive=random.random() < 0.1,
        channel="",
        currency="",
        effect=effect,
        percent=_percent(random) if effect == PERCENTAGE else Decimal(0),
        amount_minor=random.randint(1, 50_000) if effect == FIXED else 0,
        min_subtotal_minor=random.choice((0, 0, 10_000)),
        sku_ids=tuple(random.sample(skus, random.randint(0, len(skus)))),
        category_ids=(),
        valid_from=None,
        valid_to=None,
        coupon=None,
    )


def _percent(random: Random) -> Decimal:
    return Decimal(random.randint(1, 1_000_000)).scaleb(-4)
