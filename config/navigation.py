"""The back office's sidebar: every list, under what a person does with it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

GROUPS = {
    "Stock": (
        "inventory.stocklevel",
        "inventory.stockmovement",
        "inventory.stocktransfer",
        "inventory.lot",
        "inventory.serial",
        "inventory.skutracking",
        "inventory.location",
        "inventory.alertinstance",
        "inventory.alertrule",
        "inventory.alertmessage",
    ),
    "Selling": (
        "orders.order",
        "analytics.customerorder",
        "cart.cart",
        "checkout.checkout",
        "inventory.reservation",
        "inventory.backorder",
        "inventory.stockpolicy",
        "inventory.kitcomponent",
        "inventory.channelbuffer",
    ),
    "Buying": (
        "inventory.purchaseorder",
        "inventory.inbound",
        "inventory.discrepancy",
        "inventory.supplier",
    ),
    "Warehouse": (
        "inventory.allocation",
        "inventory.routingpolicy",
        "inventory.warehousetask",
        "inventory.warehousemessage",
        "inventory.warehousefile",
        "inventory.stockcomparison",
        "inventory.deviceletter",
        "shipping.fulfilment",
        "shipping.shipment",
        "shipping.trackingevent",
        "shipping.shippingmethod",
    ),
    "Counting": (
        "inventory.countsession",
        "inventory.stockhold",
        "inventory.stockcheck",
    ),
    "Planning": (
        "inventory.replenishmentproposal",
        "inventory.demandforecast",
    ),
    "Products": (
        "catalog.product",
        "catalog.category",
        "catalog.media",
        "pim.content",
        "search.document",
    ),
    "Prices": (
        "pricing.pricelist",
        "pricing.price",
        "pricing.taxrate",
        "pricing.promotion",
        "pricing.coupon",
        "pricing.quote",
    ),
    "Money": (
        "payments.payment",
        "payments.attempt",
        "payments.reversal",
        "payments.journalentry",
        "payments.ledgeraccount",
        "payments.webhookevent",
    ),
    "People": (
        "accounts.user",
        "accounts.session",
        "accounts.address",
        "accounts.merchant",
        "accounts.channel",
        "accounts.seller",
    ),
    "Operating": (
        "checkout.saga",
        "jobs.job",
        "flags.flag",
        "events.consumerstate",
        "events.logentry",
        "events.deadletter",
        "events.parkedevent",
        "events.archive",
        "audit.entry",
        "audit.seal",
        "http.idempotencykey",
    ),
}


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The lists that the asker may look at; of the groups only that of the present page is unfolded."""
    lists = {
        one["model"]._meta.label_lower: {"title": one["name"], "link": one["admin_url"]}
        for app in admin.site.get_app_list(request)
        for one in app["models"]
        if one["admin_url"]
    }
    start = {"title": "What waits", "icon": "notifications", "link": reverse("admin:index")}
    groups = (
        (group, [lists[label] for label in labels if label in lists])
        for group, labels in GROUPS.items()
    )
    return [
        {"items": [start]},
        *({"title": group, "collapsible": True, "items": items} for group, items in groups),
    ]
