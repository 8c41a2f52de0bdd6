"""Sums: whatever is bought, taxed, discounted and given back, the parts add up to the whole."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from multiprocessing import get_context
from random import Random

from apps.pricing.domain import promotions
from apps.pricing.domain.facts import QuoteInputs
from apps.pricing.domain.quote import Priced, price_cart
from apps.pricing.types import APPLIED, QuotedLine
from ecommerce import money
from ecommerce.money import Money, from_decimal
from proving.baskets import random_basket
from proving.experiment import Report, experiment
from proving.floats import floats
from proving.lab import Lab

CHUNK = 2_500
BASKETS_PER_PAYMENT = 400
"""So many baskets are priced for each payment that is given back through the payments room."""

_AMOUNTS: dict[type, list[str]] = {
    kind: [field.name for field in fields(kind) if field.name.endswith("_minor")]
    for kind in (Priced, QuotedLine)
}


def priced_baskets(seed: int, count: int, *, naively: bool) -> list[str]:
    """Price so many random baskets; what does not add up. A process of its own runs it."""
    if naively:
        vars(promotions)["allocate"] = vars(money)["allocate"] = _rounded_each
    random = Random(seed)
    return [
        f"basket {number} of seed {seed}: {what}"
        for number in range(count)
        for what in _wrong_with(random_basket(random), random)
    ]


def _rounded_each(total_minor: int, weights: Sequence[int]) -> list[int]:
    """How it is done by those who have not thought of it: each part is rounded for itself."""
    whole = sum(weights) or 1
    return [(2 * total_minor * weight + whole) // (2 * whole) for weight in weights]


def _wrong_with(inputs: QuoteInputs, random: Random) -> Iterator[str]:
    priced = price_cart(inputs)
    yield from (f"{what} does not add up" for what, holds in _sums(inputs, priced) if not holds)
    yield from (
        f"{name} is {value!r}"
        for amounts in (priced, *priced.lines)
        for name in _AMOUNTS[type(amounts)]
        if (value := getattr(amounts, name)) is not None and (type(value) is not int or value < 0)
    )
    yield from _wrong_with_refunds([line.total_minor for line in priced.lines], random)


def _sums(inputs: QuoteInputs, priced: Priced) -> Iterator[tuple[str, bool]]:
    lines = priced.lines
    on_top = 0 if priced.prices_include_tax else 1
    paid = sum(line.total_minor for line in lines) + priced.shipping_minor
    yield "the total", priced.total_minor == paid + on_top * priced.shipping_tax_minor
    yield "the total by its parts", priced.total_minor == (
        priced.subtotal_minor - priced.discount_minor + priced.shipping_minor
        + on_top * priced.tax_minor
    )  # fmt: skip
    tax = sum(line.tax_minor for line in lines) + priced.shipping_tax_minor
    yield "the tax", priced.tax_minor == tax
    given = sum(reason.amount_minor for reason in priced.reasons if reason.outcome == APPLIED)
    yield (
        "what the promotions gave",
        given == (priced.discount_minor + priced.shipping_discount_minor),
    )
    for line in lines:
        net = line.unit_price_minor * line.quantity - line.discount_minor
        yield "a line", line.total_minor == net + on_top * line.tax_minor
    whole = Money(priced.total_minor, inputs.cart.currency)
    yield "the total in major units", from_decimal(str(whole.to_decimal()), whole.currency) == whole


def _wrong_with_refunds(lines: list[int], random: Random) -> Iterator[str]:
    """Give back all that was paid for the lines, in a few parts of any size."""
    left = list(lines)
    for last in (False, False, True):
        part = sum(left) if last else random.randint(0, sum(left))
        shares = money.allocate(part, left)
        if sum(shares) != part:
            yield f"a refund of {part} was split into {shares}"
        left = [rest - share for rest, share in zip(left, shares, strict=True)]
        if min(left) < 0:
            yield f"a refund gave back {-min(left)} more than was paid"
    if any(left):
        yield f"{sum(left)} was never given back"


def _add_up(lab: Lab, report: Report, baskets: int, *, naively: bool = False) -> None:
    seeds = range(-(-baskets // CHUNK))
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        runs = [pool.submit(priced_baskets, seed, CHUNK, naively=naively) for seed in seeds]
        refunds = lab.shop.seed("refunded_in_parts", str(baskets // BASKETS_PER_PAYMENT))
        wrong = [what for run in report.seen(runs, len(runs)) for what in run.result()]
    report.note(baskets=len(seeds) * CHUNK, **{**refunds, "wrong": len(wrong) + refunds["wrong"]})
    report.expect("what does not add up", wrong[:3], [])
    report.expect("refunds beyond what was paid, or refused within it", refunds["wrong"], 0)
    report.expect("floats in code about money", list(floats()), [])
    report.expect_clean(lab.at_rest())


def _add_up_unguarded(lab: Lab, report: Report, baskets: int) -> None:
    _add_up(lab, report, baskets, naively=True)


@experiment(
    24,
    "lines add up to the total, refunds to what was paid, and no float touches money",
    control=_add_up_unguarded,
    guard="allocation by largest remainder",
    short=20_000,
    long=1_000_000,
)
def add_up(lab: Lab, report: Report, baskets: int) -> None:
    """Random baskets in currencies of 0, 2 and 3 decimals, with tax, promotions and split refunds."""
    _add_up(lab, report, baskets)
