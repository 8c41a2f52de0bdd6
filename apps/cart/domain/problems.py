"""What stands in the way of buying a cart as it is."""

from collections.abc import Collection, Sequence
from uuid import UUID

from apps.cart.types import CartLineView, CartSnapshot, Problem
from apps.pricing.types import REFUSED, Reason

NOT_SELLABLE = "not-sellable"
NO_PRICE = "no-price"
INSUFFICIENT_STOCK = "insufficient-stock"
OUT_OF_STOCK = "out-of-stock"


def problems_of(
    cart: CartSnapshot,
    lines: Sequence[CartLineView],
    *,
    sellable: Collection[UUID],
    reasons: Sequence[Reason],
) -> tuple[Problem, ...]:
    """One problem per line at most, the gravest; then the codes that have no effect."""
    of_lines = (_of_line(line, sellable) for line in lines)
    refused = {code: _refusal_of(code, reasons) for code in cart.coupon_codes}
    return (
        *(problem for problem in of_lines if problem),
        *(
            Problem(code=reason.code, detail=f"{code}: {reason.why}")
            for code, reason in refused.items()
            if reason
        ),
    )


def _of_line(line: CartLineView, sellable: Collection[UUID]) -> Problem | None:
    if line.sku_id not in sellable:
        return _problem(line, NOT_SELLABLE, "It is no longer for sale.")
    if line.unit_price_minor is None:
        return _problem(line, NO_PRICE, f"It has no price in {line.currency}.")
    if line.available <= 0:
        return _problem(line, OUT_OF_STOCK, "It is out of stock.")
    if line.available < line.quantity:
        return _problem(line, INSUFFICIENT_STOCK, f"Only {line.available} are left.")
    return None


def _problem(line: CartLineView, code: str, detail: str) -> Problem:
    return Problem(
        code=code,
        detail=detail,
        line_id=line.line_id,
        sku_id=line.sku_id,
        available=max(line.available, 0),
    )


def _refusal_of(code: str, reasons: Sequence[Reason]) -> Reason | None:
    for reason in reasons:
        if reason.outcome == REFUSED and reason.rule.endswith(f"coupon:{code}"):
            return reason
    return None
