"""The parts of an order add up to the whole, for any basket and on either side of the tax."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.orders.domain.amounts import disagreement
from apps.orders.tests.factories import line_of, order_of
from apps.orders.types import PlaceOrder, PlaceOrderLine
from ecommerce.money import allocate, share_of

RATES = (Decimal(0), Decimal("5.5"), Decimal(21), Decimal("25.5"))


@st.composite
def baskets(draw: st.DrawFn) -> PlaceOrder:
    """Any basket: units, quantities, a discount over all lines, rates, and shipping."""
    included = draw(st.booleans())
    units = draw(
        st.lists(st.tuples(st.integers(0, 10**7), st.integers(1, 999)), min_size=1, max_size=6)
    )
    subtotals = [unit * quantity for unit, quantity in units]
    discounts = allocate(draw(st.integers(0, sum(subtotals))), subtotals)
    lines = [
        _line(unit, quantity, discount, draw(st.sampled_from(RATES)), included)
        for (unit, quantity), discount in zip(units, discounts, strict=True)
    ]
    return _order(tuple(lines), draw(st.integers(0, 10**5)), included)


def _line(unit: int, quantity: int, discount: int, rate: Decimal, included: bool) -> PlaceOrderLine:
    left = unit * quantity - discount
    tax = share_of(left, rate / (100 + rate) if included else rate / 100)
    return replace(
        line_of(unit=unit, quantity=quantity, discount=discount),
        tax_minor=tax,
        tax_rate=rate,
        total_minor=left if included else left + tax,
    )


def _order(lines: tuple[PlaceOrderLine, ...], shipping: int, included: bool) -> PlaceOrder:
    shipping_tax = share_of(shipping, Decimal("0.21"))
    tax = sum(line.tax_minor for line in lines) + shipping_tax
    goods = sum(line.subtotal_minor - line.discount_minor for line in lines) + shipping
    return order_of(
        *lines,
        shipping=shipping,
        shipping_tax_minor=shipping_tax,
        tax_minor=tax,
        total_minor=goods if included else goods + tax,
        prices_include_tax=included,
    )


@given(baskets())
def test_what_is_summed_right_is_an_order(order: PlaceOrder) -> None:
    assert disagreement(order) is None


@given(
    baskets(),
    st.sampled_from(["subtotal_minor", "discount_minor", "tax_minor", "total_minor"]),
    st.integers(1, 100),
)
def test_one_cent_off_anywhere_is_none(order: PlaceOrder, amount: str, off: int) -> None:
    wrong = replace(order, **{amount: getattr(order, amount) + off})

    assert disagreement(wrong) is not None


@pytest.mark.parametrize("field", ["unit_price_minor", "discount_minor", "total_minor"])
def test_a_line_that_lies_is_found(field: str) -> None:
    order = order_of(line_of("MUG", quantity=3), line_of("TEA"))
    first = order.lines[0]
    lying = replace(first, **{field: getattr(first, field) + 1})

    assert disagreement(replace(order, lines=(lying, order.lines[1]))) == "line MUG does not add up"
