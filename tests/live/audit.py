"""What must hold after every race and fault, whatever happened: each finding is a sentence."""

from typing import Any

from tests.live.shop import LiveShop

# Each query returns the rows that are wrong; none is right.
_WRONG = {
    "a level is below zero or promises more than there is": """
        SELECT sku_id, on_hand, reserved, allocated FROM inventory_stocklevel
        WHERE on_hand < 0 OR reserved < 0 OR allocated < 0 OR reserved + allocated > on_hand""",
    "promised stock is not the sum of the open reservations": """
        SELECT l.sku_id, l.reserved, l.allocated, open.reserved, open.allocated
        FROM inventory_stocklevel l LEFT JOIN (
            SELECT n.sku_id, n.location_id,
                sum(n.quantity) FILTER (WHERE r.status = 'RESERVED') AS reserved,
                sum(n.quantity - n.shipped) FILTER (WHERE r.status = 'CONFIRMED') AS allocated
            FROM inventory_reservationline n JOIN inventory_reservation r ON r.id = n.reservation_id
            GROUP BY 1, 2) open USING (sku_id, location_id)
        WHERE (l.reserved, l.allocated)
            <> (coalesce(open.reserved, 0), coalesce(open.allocated, 0))""",
    "on hand is not the sum of its movements": """
        SELECT l.sku_id, l.on_hand, coalesce(sum(m.delta), 0) FROM inventory_stocklevel l
        LEFT JOIN inventory_stockmovement m USING (sku_id, location_id)
        GROUP BY l.id HAVING l.on_hand <> coalesce(sum(m.delta), 0)""",
    "a paid order has no captured payment of its total": """
        SELECT o.id, o.status, p.status, p.captured FROM orders_order o
        LEFT JOIN payments_payment p ON p.id = o.payment_id
        WHERE o.status IN ('PAID', 'FULFILLED', 'COMPLETED')
          AND coalesce(p.captured - p.refunded, 0) <> o.total_minor""",
    "money is kept for an order that is not paid": """
        SELECT p.id, p.status, o.status FROM payments_payment p
        LEFT JOIN orders_order o ON o.payment_id = p.id
        WHERE p.captured > p.refunded
          AND (o.id IS NULL OR o.status NOT IN ('PAID', 'FULFILLED', 'COMPLETED'))""",
    "a journal entry's debits are not its credits": """
        SELECT entry_id, currency, sum(debit), sum(credit) FROM payments_journalline
        GROUP BY 1, 2 HAVING sum(debit) <> sum(credit)""",
    "an order does not have exactly one created event": """
        SELECT o.id, count(e.event_id) FROM orders_order o LEFT JOIN event_log e
          ON e.event_type = 'ecommerce.orders.order.created.v1' AND e.partition_key = o.id::text
        GROUP BY o.id HAVING count(e.event_id) <> 1""",
    "a paid order was not told of exactly once": """
        SELECT o.id, count(e.event_id) FROM orders_order o LEFT JOIN event_log e
          ON e.event_type = 'ecommerce.orders.order.paid.v1' AND e.partition_key = o.id::text
        WHERE o.status IN ('PAID', 'FULFILLED', 'COMPLETED')
        GROUP BY o.id HAVING count(e.event_id) <> 1""",
    "analytics does not count what was paid": """
        SELECT t.gross, p.gross FROM
          (SELECT coalesce(sum(gross_minor), 0) AS gross FROM analytics_dailyrevenue) t,
          (SELECT coalesce(sum((payload->>'totalMinor')::bigint), 0) AS gross FROM event_log
           WHERE event_type = 'ecommerce.orders.order.paid.v1') p
        WHERE t.gross <> p.gross""",
    "a cart is bought twice": """
        SELECT cart_id, count(*) FROM checkout_checkout WHERE status = 'COMPLETED'
        GROUP BY 1 HAVING count(*) > 1""",
}


def findings(shop: LiveShop) -> dict[str, list[Any]]:
    """Everything that is wrong, by what is wrong with it; the gateway's books are compared too."""
    wrong = {name: rows for name, sql in _WRONG.items() if (rows := shop.rows(sql))}
    taken = net_at_gateway(shop)
    owed = shop.one(
        "SELECT coalesce(sum(total_minor), 0) FROM orders_order"
        " WHERE status IN ('PAID', 'FULFILLED', 'COMPLETED')"
    )
    if taken != owed:
        wrong["the gateway took other money than was sold for"] = [(taken, owed)]
    return wrong


def net_at_gateway(shop: LiveShop) -> int:
    """Captured less refunded, in minor units, by the gateway's own books."""
    by_currency: dict[str, dict[str, dict[str, int]]] = shop.sandbox.get("/gateway/v1/totals")
    totals = by_currency.get("EUR", {})
    captured = totals.get("capture", {}).get("amount", 0)
    return int(captured - totals.get("refund", {}).get("amount", 0))
