"""How much of what an order took went back: each cent once, whether by a refund or by calling the order off."""

from apps.analytics.types import GivenBack, OrderNews, Takings

TAKEN = ("PAID", "FULFILLED", "COMPLETED")
"""States of an order whose money we have."""


def takings_of(news: OrderNews, before: GivenBack) -> tuple[Takings, GivenBack]:
    """What the day gains and loses by the news, and what is known of the order's money from now on.

    Once money is taken, all that was refunded has gone back; once such an order is called off, all of it
    has, and the refunds that then follow give nothing more. Only the difference to what was counted
    before is counted now. The news of one order come in their order.
    """
    refunded = max(before.refunded_minor, news.refunded_minor)
    called_off = news.status == "CANCELED" and news.previous_status in TAKEN
    gone = before.counted_minor
    if called_off:
        gone = news.total_minor
    elif news.status in TAKEN:
        gone = max(gone, min(refunded, news.total_minor))
    less = gone - before.counted_minor
    takings = Takings(
        day=news.day,
        merchant=news.merchant,
        channel=news.channel,
        currency=news.currency,
        orders=int(news.paid),
        units=news.units if news.paid else 0,
        gross_minor=news.total_minor if news.paid else 0,
        tax_minor=news.tax_minor if news.paid else 0,
        canceled_orders=int(called_off),
        canceled_minor=less if called_off else 0,
        refunded_minor=0 if called_off else less,
    )
    return takings, GivenBack(order_id=news.order_id, refunded_minor=refunded, counted_minor=gone)
