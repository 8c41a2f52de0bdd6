"""Things that the bodies and queries of fuzzed requests may name."""

from abusing.objects import (
    Values,
    a_cart,
    a_coupon,
    a_payment,
    a_price,
    a_sent_order,
)
from abusing.people import Someone
from proving.seed import goods


def things_to_name(owner: Someone) -> Values:
    """Ids that a body or a query may name, by the members that name them."""
    made, sent, pay = goods("1000"), a_sent_order(owner), a_payment(owner)
    return {
        "skuId": made["skuId"],
        "sku": made["code"],
        "productId": made["productId"],
        "orderId": sent["order_id"],
        "fulfillmentId": sent["fulfillment_id"],
        "shipmentId": sent["shipment_id"],
        "trackingNumber": sent["tracking_number"],
        "paymentId": pay["payment_id"],
        "cartId": a_cart(owner)["cart_id"],
        "priceListId": a_price(owner)["price_list_id"],
        "promotionId": a_coupon(owner)["promotion_id"],
        "couponCode": a_coupon(owner)["code"],
        "shippingMethod": "standard",
        "paymentMethod": "tok_visa",
        "country": "NL",
        "currency": "EUR",
        "channel": "web",
        "location": "main",
        "taxClass": "standard",
    }
