"""Buying: suppliers, purchase orders, deliveries, what they cost."""

from apps.inventory.services.purchasing._announce import cancel_inbound, create_inbound
from apps.inventory.services.purchasing._costs import record_cost
from apps.inventory.services.purchasing._draft import draft_purchase_order, revise_purchase_order
from apps.inventory.services.purchasing._find import get_inbound, get_purchase_order
from apps.inventory.services.purchasing._mail import mail_purchase_orders, purchase_order_document
from apps.inventory.services.purchasing._receive import receive_inbound
from apps.inventory.services.purchasing._settle import settle_discrepancy
from apps.inventory.services.purchasing._steps import (
    approve_purchase_order,
    cancel_purchase_order,
    close_purchase_order,
    send_purchase_order,
)
from apps.inventory.services.purchasing._suppliers import (
    create_supplier,
    get_supplier,
    save_supplier,
    save_terms,
)

__all__ = [
    "approve_purchase_order",
    "cancel_inbound",
    "cancel_purchase_order",
    "close_purchase_order",
    "create_inbound",
    "create_supplier",
    "draft_purchase_order",
    "get_inbound",
    "get_purchase_order",
    "get_supplier",
    "mail_purchase_orders",
    "purchase_order_document",
    "receive_inbound",
    "record_cost",
    "revise_purchase_order",
    "save_supplier",
    "save_terms",
    "send_purchase_order",
    "settle_discrepancy",
]
