"""Which roles may open which part of the back office."""

from collections.abc import Collection

from ecommerce.identity import ADMIN, MERCHANDISER, OPERATOR

_ROOMS = {
    MERCHANDISER: frozenset({"catalog", "pim", "pricing", "search"}),
    OPERATOR: frozenset(
        {
            "catalog",
            "pim",
            "pricing",
            "inventory",
            "payments",
            "orders",
            "cart",
            "shipping",
            "search",
            "analytics",
            "checkout",
            "events",
            "jobs",
            "http",
            "audit",
            "flags",
        }
    ),
}
_MERCHANDISE = {
    "view": (
        "alertinstance",
        "alertmessage",
        "backorder",
        "channelbuffer",
        "demandforecast",
        "inboundline",
        "kitcomponent",
        "location",
        "lot",
        "lotbalance",
        "replenishmentproposal",
        "serial",
        "stockhold",
        "stockmovement",
        "stockpolicy",
        "stocktransfer",
        "stocktransferline",
    ),
    "view change": ("countline", "discrepancy", "inbound", "stocklevel"),
    "view add change": (
        "alertrule",
        "countsession",
        "purchasecost",
        "purchaseorder",
        "purchaseorderline",
        "supplier",
        "supplierterm",
    ),
}
"""Of inventory: they correct levels, buy, receive, count and set alerts; what sends parcels is the operators'."""
SINGLE = {
    MERCHANDISER: frozenset(
        f"inventory.{act}_{model}"
        for acts, models in _MERCHANDISE.items()
        for act in acts.split()
        for model in models
    )
    | {"inventory.view", "inventory.delete_alertrule"},
}
"""Permissions that roles have of a room that is not theirs whole."""
_LOOK_ONLY = {OPERATOR: frozenset({"accounts"})}


def may_enter(roles: Collection[str]) -> bool:
    """Has one of the roles that work in the back office?"""
    return any(role in roles for role in (MERCHANDISER, OPERATOR, ADMIN))


def may_open(roles: Collection[str], permission: str) -> bool:
    """Is a permission (``catalog.change_product``) within the rooms of one of the roles?

    Accounts are changed by admins only: who can give roles can do anything.
    """
    if ADMIN in roles:
        return True
    room, _, act = permission.partition(".")
    if any(room in _ROOMS.get(role, ()) or permission in SINGLE.get(role, ()) for role in roles):
        return True
    return act.startswith("view") and any(room in _LOOK_ONLY.get(role, ()) for role in roles)
