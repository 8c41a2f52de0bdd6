"""Coupon counters: guarded updates in SQL, so that no number of callers at once gets past a limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ecommerce.ids import new_id
from ecommerce.sql import fetch_all


@dataclass(frozen=True, slots=True)
class Claim:
    """An order's use of a coupon, with what its event tells."""

    coupon_id: UUID
    promotion_id: UUID
    customer_id: UUID | None
    code: str


# A use that was given back may be taken again by the same order; one that stands is not returned.
_CLAIM = """
INSERT INTO pricing_couponuse AS u (id, coupon_id, order_id, customer_id, status, held_at, changed_at)
SELECT ids.id, c.id, %(order)s, %(customer)s, 'held', %(now)s, %(now)s
FROM unnest(%(ids)s::uuid[], %(codes)s::text[]) AS ids(id, code) JOIN pricing_coupon c ON c.code = ids.code
ORDER BY c.id
ON CONFLICT (coupon_id, order_id) DO UPDATE SET status = 'held', held_at = excluded.held_at,
    changed_at = excluded.changed_at, customer_id = excluded.customer_id
WHERE u.status = 'released'
RETURNING u.coupon_id
"""

# The row lock that the update takes makes the count of the customer's uses final: whoever else
# holds the coupon waits here. The order's own claim is among the counted.
_COUNT_HELD = """
WITH locked AS (
    SELECT id FROM pricing_coupon WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE
)
UPDATE pricing_coupon c SET held = c.held + 1
FROM locked, pricing_promotion p
WHERE c.id = locked.id AND p.id = c.promotion_id AND c.status = 'active' AND p.status = 'active'
  AND (c.valid_from IS NULL OR c.valid_from <= %(now)s) AND (c.valid_to IS NULL OR c.valid_to > %(now)s)
  AND (c.usage_limit IS NULL OR c.held + c.redeemed < c.usage_limit)
RETURNING c.id, c.code, c.per_customer_limit
"""

_USES_OF_CUSTOMER = """
SELECT coupon_id, count(*) FROM pricing_couponuse
WHERE coupon_id = ANY(%(ids)s) AND customer_id = %(customer)s AND status <> 'released'
GROUP BY coupon_id
"""

_SETTLE = """
WITH before AS (
    SELECT id, coupon_id, customer_id, status FROM pricing_couponuse
    WHERE order_id = %(order)s AND status = ANY(%(from)s) ORDER BY coupon_id FOR UPDATE
), moved AS (
    UPDATE pricing_couponuse u SET status = %(to)s, changed_at = now()
    FROM before WHERE u.id = before.id
)
UPDATE pricing_coupon c
SET held = c.held - (before.status = 'held')::int,
    redeemed = c.redeemed + (%(to)s = 'redeemed')::int - (before.status = 'redeemed')::int
FROM before WHERE c.id = before.coupon_id
RETURNING c.id, c.promotion_id, before.customer_id, c.code
"""


def claim(
    codes: Sequence[str], *, order_id: UUID, customer_id: UUID | None, now: datetime
) -> list[UUID]:
    """Write the order's uses down as held; the coupons that were not held by it before."""
    rows = fetch_all(
        _CLAIM,
        order=order_id,
        customer=customer_id,
        now=now,
        ids=[new_id() for _ in codes],
        codes=list(codes),
    )
    return [coupon_id for (coupon_id,) in rows]


def count_held(coupon_ids: Sequence[UUID], *, now: datetime) -> list[tuple[UUID, str, int | None]]:
    """Count one more hold on each coupon that is valid and has one left."""
    return [
        (row[0], row[1], row[2]) for row in fetch_all(_COUNT_HELD, ids=list(coupon_ids), now=now)
    ]


def uses_of_customer(coupon_ids: Sequence[UUID], customer_id: UUID) -> dict[UUID, int]:
    rows = fetch_all(_USES_OF_CUSTOMER, ids=list(coupon_ids), customer=customer_id)
    return dict(rows)


def settle(order_id: UUID, *, to: str, standing: Sequence[str]) -> list[Claim]:
    """Move the order's uses on from where they stand, and the counters with them."""
    rows = fetch_all(_SETTLE, order=order_id, to=to, **{"from": list(standing)})
    return [Claim(*row) for row in rows]
