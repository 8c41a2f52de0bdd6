"""The arithmetic of a quote, on generated carts: it adds up, whatever the currency, tax and promotions."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.pricing.domain import record
from apps.pricing.domain.facts import QuoteInputs, RateFact, RuleFact
from apps.pricing.domain.quote import Priced, price_cart
from apps.pricing.types import (
    APPLIED,
    EFFECTS,
    FIXED,
    PERCENTAGE,
    QuoteCart,
    QuoteLine,
    UnitPrice,
)

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
SKUS = [UUID(int=number) for number in range(1, 9)]
CATEGORIES = [UUID(int=number) for number in range(101, 104)]
PERCENT = st.decimals("0.0001", 100, places=4)


@st.composite
def rules(draw: Any) -> tuple[RuleFact, ...]:
    made = []
    for number in range(draw(st.integers(0, 5))):
        effect = draw(st.sampled_from(EFFECTS))
        targeted = effect != "free_shipping" and draw(st.booleans())
        made.append(
            RuleFact(
                rule_id=UUID(int=1000 + number),
                code=f"rule-{number}",
                name=f"Rule {number}",
                version=1,
                active=draw(st.booleans() | st.just(True)),
                priority=draw(st.integers(-2, 2)),
                exclusive=draw(st.booleans()),
                channel=draw(st.sampled_from(["", "web", "outlet"])),
                currency="",
                effect=effect,
                percent=draw(PERCENT) if effect == PERCENTAGE else Decimal(0),
                amount_minor=draw(st.integers(1, 10_000)) if effect == FIXED else 0,
                min_subtotal_minor=draw(st.sampled_from([0, 0, 1000])),
                sku_ids=tuple(draw(st.lists(st.sampled_from(SKUS), max_size=3)))
                if targeted
                else (),
                category_ids=tuple(draw(st.lists(st.sampled_from(CATEGORIES), max_size=2)))
                if targeted
                else (),
                valid_from=None,
                valid_to=None,
                coupon=None,
            )
        )
    return tuple(made)


@st.composite
def inputs(draw: Any) -> QuoteInputs:
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    included = draw(st.booleans())
    skus = draw(st.lists(st.sampled_from(SKUS), min_size=1, unique=True))
    lines = tuple(
        QuoteLine(
            line_id=UUID(int=5000 + draw(st.integers(0, 50)) * 100 + number),
            sku_id=sku,
            product_id=sku,
            quantity=draw(st.integers(1, 99)),
            category_ids=tuple(draw(st.lists(st.sampled_from(CATEGORIES), max_size=2))),
            tax_class=draw(st.sampled_from(["standard", "reduced"])),
        )
        for number, sku in enumerate(skus)
    )
    return QuoteInputs(
        at=AT,
        cart=QuoteCart(
            channel="web",
            currency=currency,
            country="DE",
            lines=lines,
            shipping_minor=draw(st.sampled_from([0, 490, 999])),
        ),
        prices=tuple(
            UnitPrice(
                sku_id=sku,
                amount_minor=draw(st.integers(0, 500_000)),
                currency=currency,
                compare_at_minor=None,
                includes_tax=included,
                price_id=sku,
                version=1,
                price_list="web",
            )
            for sku in skus
        ),
        rates=tuple(
            RateFact(
                rate_id=UUID(int=1), tax_class=kind, region="", percent=draw(PERCENT), name=kind
            )
            for kind in draw(st.sampled_from([("standard",), ("standard", "reduced"), ()]))
        ),
        rules=draw(rules()),
    )


def by_sku(priced: Priced) -> dict[UUID, tuple[int, int, int]]:
    return {
        line.sku_id: (line.discount_minor, line.tax_minor, line.total_minor)
        for line in priced.lines
    }


@settings(max_examples=300, deadline=None)
@given(inputs())
def test_the_parts_add_up_to_the_whole(facts: QuoteInputs) -> None:
    priced = price_cart(facts)
    extra = 0 if priced.prices_include_tax else priced.tax_minor

    assert priced.subtotal_minor == sum(line.subtotal_minor for line in priced.lines)
    assert priced.discount_minor == sum(line.discount_minor for line in priced.lines)
    assert (
        priced.tax_minor == sum(line.tax_minor for line in priced.lines) + priced.shipping_tax_minor
    )
    assert priced.total_minor == (
        priced.subtotal_minor - priced.discount_minor + priced.shipping_minor + extra
    )
    assert priced.total_minor == sum(
        line.total_minor for line in priced.lines
    ) + priced.shipping_minor + (0 if priced.prices_include_tax else priced.shipping_tax_minor)
    given_away = sum(reason.amount_minor for reason in priced.reasons if reason.outcome == APPLIED)
    assert given_away == priced.discount_minor + priced.shipping_discount_minor


@settings(max_examples=200, deadline=None)
@given(inputs())
def test_nothing_falls_below_zero_or_costs_more_than_its_price(facts: QuoteInputs) -> None:
    priced = price_cart(facts)

    assert 0 <= priced.shipping_minor <= facts.cart.shipping_minor
    for line in priced.lines:
        assert 0 <= line.discount_minor <= line.subtotal_minor
        assert 0 <= line.tax_minor <= line.total_minor
        assert line.total_minor - (0 if priced.prices_include_tax else line.tax_minor) == (
            line.subtotal_minor - line.discount_minor
        )


@settings(max_examples=200, deadline=None)
@given(inputs(), st.randoms(use_true_random=False))
def test_no_order_of_anything_changes_the_result(facts: QuoteInputs, random: Any) -> None:
    def shuffled(values: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(values, len(values)))

    mixed = replace(
        facts,
        cart=replace(facts.cart, lines=shuffled(facts.cart.lines)),
        prices=shuffled(facts.prices),
        rates=shuffled(facts.rates),
        rules=shuffled(facts.rules),
    )

    assert by_sku(price_cart(mixed)) == by_sku(price_cart(facts))
    assert price_cart(mixed).reasons == price_cart(facts).reasons


@settings(max_examples=200, deadline=None)
@given(inputs())
def test_what_was_written_down_computes_to_the_same(facts: QuoteInputs) -> None:
    written = record.plain(facts)
    priced = price_cart(facts)

    assert record.read_inputs(written) == facts
    assert price_cart(record.read_inputs(written)) == priced
    assert record.read_priced(record.plain(priced)) == priced
    assert "." not in record.version_of(written).removeprefix("quote-1.")


@settings(max_examples=100, deadline=None)
@given(inputs())
def test_an_exclusive_rule_stands_alone(facts: QuoteInputs) -> None:
    rules = {f"promotion:{rule.code}": rule for rule in facts.rules}
    applied = [
        rules[reason.rule] for reason in price_cart(facts).reasons if reason.outcome == APPLIED
    ]

    assert len(applied) == 1 or not any(rule.exclusive for rule in applied)


@settings(max_examples=100, deadline=None)
@given(inputs())
def test_every_rule_is_answered_for(facts: QuoteInputs) -> None:
    told = [
        reason.rule for reason in price_cart(facts).reasons if reason.rule.startswith("promotion:")
    ]

    assert sorted(told) == sorted(f"promotion:{rule.code}" for rule in facts.rules)
