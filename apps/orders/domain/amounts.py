"""The arithmetic of an order: the parts add up to the whole, or it is not an order."""

from apps.orders.types import PlaceOrder, PlaceOrderLine


def disagreement(order: PlaceOrder) -> str | None:
    """The first sum that does not come out, or None. The database checks the same sums again."""
    for line in order.lines:
        if _line_total(line, order.prices_include_tax) != line.total_minor:
            return f"line {line.sku_code} does not add up"
    sums = {
        "subtotal": (sum(line.subtotal_minor for line in order.lines), order.subtotal_minor),
        "discount": (sum(line.discount_minor for line in order.lines), order.discount_minor),
        "tax": (
            sum(line.tax_minor for line in order.lines) + order.shipping_tax_minor,
            order.tax_minor,
        ),
        "total": (_total(order), order.total_minor),
    }
    return next((f"{name} does not add up" for name, (a, b) in sums.items() if a != b), None)


def _line_total(line: PlaceOrderLine, prices_include_tax: bool) -> int:
    net = line.unit_price_minor * line.quantity - line.discount_minor
    return net if prices_include_tax else net + line.tax_minor


def _total(order: PlaceOrder) -> int:
    goods = sum(line.total_minor for line in order.lines) + order.shipping_minor
    return goods if order.prices_include_tax else goods + order.shipping_tax_minor
