"""What must hold after every race and fault, whatever happened: each finding is a sentence.

Plain SQL on the tables and the gateway's own books: nothing of what it audits is used to audit it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

Rows = list[tuple[Any, ...]]
Query = Callable[[str], Rows]
Totals = Mapping[str, Mapping[str, Mapping[str, int]]]
"""What a gateway did, by currency and kind: ``{"EUR": {"capture": {"times": 1, "amount": 1999}}}``."""

_TOLD = """(SELECT event_id, event_type, partition_key FROM event_log
            UNION ALL SELECT event_id, event_type, partition_key FROM outbox)"""

# Each query returns the rows that are wrong; none is right.
WRONG = {
    "a level is below zero or promises more than there is": """
        SELECT sku_id, on_hand, reserved, allocated FROM inventory_stocklevel
        WHERE on_hand < 0 OR reserved < 0 OR allocated < 0 OR reserved + allocated > on_hand""",
    "promised stock is not the sum of the open reservations": """
        SELECT l.sku_id, l.reserved, l.allocated, open.reserved, open.allocated
        FROM (SELECT l.sku_id, l.location_id, l.allocated + coalesce(s.allocated, 0) AS allocated,
                l.reserved - coalesce(s.free + s.allocated, 0) AS reserved
            FROM inventory_stocklevel l LEFT JOIN (
                SELECT level_id, sum(free) AS free, sum(allocated) AS allocated
                FROM inventory_stripe GROUP BY 1) s ON s.level_id = l.id) l
        LEFT JOIN (
            SELECT n.sku_id, n.location_id,
                sum(n.quantity - n.released) FILTER (WHERE r.status = 'RESERVED') AS reserved,
                sum(n.quantity - n.shipped) FILTER (WHERE r.status = 'CONFIRMED') AS allocated
            FROM inventory_reservationline n JOIN inventory_reservation r ON r.id = n.reservation_id
            GROUP BY 1, 2) open USING (sku_id, location_id)
        WHERE (l.reserved, l.allocated)
            <> (coalesce(open.reserved, 0), coalesce(open.allocated, 0))""",
    "on hand is not the sum of its movements": """
        SELECT l.sku_id, l.on_hand, coalesce(sum(m.delta), 0) FROM inventory_stocklevel l
        LEFT JOIN inventory_stockmovement m USING (sku_id, location_id)
        GROUP BY l.id HAVING l.on_hand <> coalesce(sum(m.delta), 0)""",
    "stock is kept for an order that is neither open nor sold": """
        SELECT r.order_id, r.status, o.status FROM inventory_reservation r
        JOIN orders_order o ON o.id = r.order_id
        WHERE o.status = 'CANCELED' AND r.status IN ('RESERVED', 'CONFIRMED')""",
    "a paid order has no stock set aside or shipped": """
        SELECT o.id, o.status, r.status FROM orders_order o
        LEFT JOIN inventory_reservation r ON r.order_id = o.id
        WHERE o.status IN ('CONFIRMED', 'PAID') AND r.status IS DISTINCT FROM 'CONFIRMED'""",
    "a sold order's payment was not captured in full": """
        SELECT o.id, o.status, p.status, p.captured FROM orders_order o
        LEFT JOIN payments_payment p ON p.order_id = o.id
        WHERE o.status IN ('PAID', 'FULFILLED', 'COMPLETED') AND o.total_minor > 0
          AND coalesce(p.captured, 0) <> o.total_minor""",
    "money is kept for an order that was not sold": """
        SELECT p.id, p.status, o.status FROM payments_payment p
        LEFT JOIN orders_order o ON o.id = p.order_id
        WHERE p.captured > p.refunded
          AND (o.id IS NULL OR o.status NOT IN ('PAID', 'FULFILLED', 'COMPLETED'))""",
    "more was given back than taken": """
        SELECT id, captured, refunded FROM payments_payment WHERE refunded > captured""",
    "a journal entry's debits are not its credits": """
        SELECT entry_id, currency, sum(debit), sum(credit) FROM payments_journalline
        GROUP BY 1, 2 HAVING sum(debit) <> sum(credit)""",
    "the ledger does not hold what a payment took and gave back": """
        SELECT p.id, p.captured, p.refunded, coalesce(sum(l.debit - l.credit), 0)
        FROM payments_payment p
        LEFT JOIN payments_journalentry e ON e.payment_id = p.id
        LEFT JOIN payments_journalline l ON l.entry_id = e.id AND l.account_id LIKE 'psp_receivable.%'
        GROUP BY p.id HAVING p.captured - p.refunded <> coalesce(sum(l.debit - l.credit), 0)""",
    "an order does not have exactly one created event": """
        SELECT o.id, count(e.event_id) FROM orders_order o LEFT JOIN """
    + _TOLD
    + """ e ON e.event_type = 'ecommerce.orders.order.created.v1' AND e.partition_key = o.id::text
        WHERE NOT EXISTS (SELECT FROM event_archive)
        GROUP BY o.id HAVING count(e.event_id) <> 1""",
    "a sold order was not told of exactly once": """
        SELECT o.id, count(e.event_id) FROM orders_order o LEFT JOIN """
    + _TOLD
    + """ e ON e.event_type = 'ecommerce.orders.order.paid.v1' AND e.partition_key = o.id::text
        WHERE o.status IN ('PAID', 'FULFILLED', 'COMPLETED') AND NOT EXISTS (SELECT FROM event_archive)
        GROUP BY o.id HAVING count(e.event_id) <> 1""",
    "an event is in the log twice": """
        SELECT event_id, count(*) FROM event_log GROUP BY 1 HAVING count(*) > 1""",
    "positions of the log have gaps": """
        SELECT min(position), max(position), count(*) FROM event_log
        HAVING count(*) > 0 AND max(position) - min(position) + 1 <> count(*)""",
    "a cart is bought twice": """
        SELECT cart_id, count(*) FROM checkout_checkout WHERE status = 'COMPLETED'
        GROUP BY 1 HAVING count(*) > 1""",
}
"""What is wrong at any time, in a shop at work too: every row of it is written in one transaction."""

UNFINISHED = {
    "analytics does not count what was paid": """
        SELECT t.gross, p.gross FROM
          (SELECT coalesce(sum(gross_minor), 0) AS gross FROM analytics_dailyrevenue) t,
          (SELECT coalesce(sum((payload->>'totalMinor')::bigint), 0) AS gross FROM event_log
           WHERE event_type = 'ecommerce.orders.order.paid.v1') p
        WHERE t.gross <> p.gross AND NOT EXISTS (SELECT FROM event_archive)""",
    "a purchase is stuck": """
        SELECT id, state, step, last_error FROM checkout_saga
        WHERE state IN ('RUNNING', 'COMPENSATING')""",
    "money that is owed was not given back": """
        SELECT id, payment_id, state FROM payments_reversal WHERE state <> 'done'""",
    "events wait in the outbox": "SELECT count(*) FROM outbox HAVING count(*) > 0",
    "an event is parked or dead": """
        SELECT consumer, partition_key, count(*) FROM parked_event GROUP BY 1, 2
        UNION ALL
        SELECT consumer, partition_key, count(*) FROM dead_letter WHERE status = 'open' GROUP BY 1, 2""",
}
"""What is wrong once a shop has come to rest."""


class Audited(Protocol):
    """A shop whose books can be looked into."""

    def rows(self, sql: str) -> Rows: ...

    def totals(self) -> Totals: ...


def findings(shop: Audited) -> dict[str, list[Any]]:
    """Everything that is wrong, by what is wrong with it; the gateway's books are compared too."""
    return {**wrong_rows(shop.rows, WRONG), **against_gateway(shop.rows, shop.totals())}


def wrong_rows(query: Query, statements: Mapping[str, str]) -> dict[str, list[Any]]:
    """The findings of some statements."""
    return {name: rows for name, sql in statements.items() if (rows := query(sql))}


def against_gateway(query: Query, totals: Totals) -> dict[str, list[Any]]:
    """Where the gateway's own books differ from ours: what it took and gave back, by currency."""
    ours = {
        currency: (captured, refunded)
        for currency, captured, refunded in query(
            "SELECT currency, sum(captured)::bigint, sum(refunded)::bigint FROM payments_payment"
            " WHERE provider = 'sandbox' GROUP BY 1 HAVING sum(captured) > 0"
        )
    }
    theirs = {
        currency: (_amount(kinds, "capture"), _amount(kinds, "refund"))
        for currency, kinds in totals.items()
        if _amount(kinds, "capture")
    }
    if ours == theirs:
        return {}
    return {"the gateway took other money than we booked": [{"ours": ours, "gateway": theirs}]}


def taken(totals: Totals, currency: str = "EUR") -> int:
    """Captured less refunded, in minor units, by the gateway's own books."""
    kinds = totals.get(currency, {})
    return _amount(kinds, "capture") - _amount(kinds, "refund")


def _amount(kinds: Mapping[str, Mapping[str, int]], kind: str) -> int:
    return kinds.get(kind, {}).get("amount", 0)


def told(found: Mapping[str, Sequence[Any]], examples: int = 3) -> str:
    """The findings for a person, with the first rows of each."""
    return "\n".join(
        f"✗ {name}: {len(rows)}, as {', '.join(str(row) for row in rows[:examples])}"
        for name, rows in found.items()
    )
