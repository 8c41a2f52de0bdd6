"""What the doors of stock need to be there, made through those doors by an operator, and bodies for them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from abusing.people import Someone, operator
from ecommerce.ids import new_id
from proving.seed import goods

Values = dict[str, str]
Maker = Callable[[Someone], Values]
Body = Callable[[Values], Any]
EUR = {"amount": 100, "currency": "EUR"}


def _post(path: str, body: Any, status: int = 201) -> dict[str, Any]:
    made: dict[str, Any] = operator().client.json_of("POST", f"/api/v1/{path}", body, status=status)
    return made


def a_sku(_: Someone) -> Values:
    """Fifty units of a SKU, at the one location; another location to send them to."""
    from apps.inventory.models import Location

    Location.objects.get_or_create(code="attic", defaults={"name": "Attic"})
    made = goods("50")
    return {"sku": made["code"], "skuId": made["skuId"], "warehouse": "main"}


def a_supplier(owner: Someone) -> Values:
    code = f"sup-{new_id().hex[-8:]}"
    body = {"code": code, "name": "Potter", "email": "potter@shop.example", "currency": "EUR"}
    _post("inventory/suppliers", body)
    return {**a_sku(owner), "code": code, "supplier": code}


def an_order(owner: Someone) -> Values:
    """A draft of goods to buy."""
    made = a_supplier(owner)
    order = _post("inventory/purchase-orders", _order(made))
    return {**made, "order_id": order["purchaseOrderId"]}


def _approved(owner: Someone) -> Values:
    made = an_order(owner)
    _post(f"inventory/purchase-orders/{made['order_id']}/approve", None, 200)
    return made


def _sent(owner: Someone) -> Values:
    made = _approved(owner)
    _post(f"inventory/purchase-orders/{made['order_id']}/send", {"byHand": True}, 200)
    return made


def an_inbound(owner: Someone) -> Values:
    made = _sent(owner)
    inbound = _post("inbounds", {"purchaseOrderId": made["order_id"]})
    return {**made, "inbound_id": inbound["inboundId"]}


def a_discrepancy(owner: Someone) -> Values:
    from apps.inventory.models import Discrepancy

    made = an_inbound(owner)
    short = {"items": [{"skuId": made["skuId"], "received": 3}], "final": True}
    _post(f"inbounds/{made['inbound_id']}/receive", short, 200)
    found = Discrepancy.objects.get(line__inbound_id=made["inbound_id"])
    return {**made, "discrepancy_id": str(found.id)}


def a_proposal(owner: Someone) -> Values:
    from apps.inventory.models import Location, ReplenishmentProposal, Supplier

    made = a_supplier(owner)
    terms = {"items": [{"skuId": made["skuId"], "unitCost": EUR}]}
    operator().client.json_of(
        "PUT", f"/api/v1/inventory/suppliers/{made['code']}/terms", terms, status=200
    )
    row = ReplenishmentProposal.objects.create(
        sku_id=made["skuId"],
        location=Location.objects.get(code="main"),
        supplier=Supplier.objects.get(code=made["code"]),
        units=5, position=0, safety_stock=1, reorder_point=2, order_up_to=5, reasons=[],
    )  # fmt: skip
    return {**made, "proposal_id": str(row.id)}


def a_movement(owner: Someone) -> Values:
    from apps.inventory.models import StockMovement

    made = a_sku(owner)
    receipt = {"skuId": made["sku"], "type": "receipt", "quantity": 5, "reason": "came in"}
    _post("inventory/movements", receipt)
    last = StockMovement.objects.filter(sku_id=made["skuId"], kind="receipt").latest("version")
    return {**made, "movement_id": str(last.id)}


def _transfer(ship: bool) -> Maker:
    def make(owner: Someone) -> Values:
        made = a_sku(owner)
        sent = _post("inventory/transfers", {**_sending(made), "ship": ship})
        return {**made, "transfer_id": sent["transferId"]}

    return make


def a_rule(owner: Someone) -> Values:
    return {**a_sku(owner), "rule_id": _post("inventory/alerts/rules", _watch({}))["ruleId"]}


def a_count(owner: Someone) -> Values:
    made = a_sku(owner)
    count = _post("inventory/reconciliations", _count(made))
    return {**made, "count_id": count["reconciliationId"]}


def _counted(owner: Someone) -> Values:
    made = a_count(owner)
    found = {"counts": [{"skuId": made["sku"], "counted": 7}]}
    _post(f"inventory/reconciliations/{made['count_id']}/counts", found, 200)
    return made


def _reviewed(owner: Someone) -> Values:
    made = _counted(owner)
    _post(f"inventory/reconciliations/{made['count_id']}/review", {}, 200)
    return made


def _decided(owner: Someone) -> Values:
    made = _reviewed(owner)
    yes = {"decisions": [{"skuId": made["sku"], "decision": "accepted"}]}
    _post(f"inventory/reconciliations/{made['count_id']}/decisions", yes, 200)
    return made


def _allocated_order(owner: Someone) -> Values:
    from apps.inventory import services as inventory
    from apps.inventory.types import ReserveStock, StockLine
    from ecommerce.clock import now

    made, order_id = a_sku(owner), new_id()
    line = StockLine(sku_id=UUID(made["skuId"]), quantity=2)
    held = inventory.allocate_stock(ReserveStock(order_id=order_id, lines=(line,)), now=now())
    return {**made, "order_id": str(order_id), "reservation_id": str(held.id)}


def an_allocation(owner: Someone) -> Values:
    made = _allocated_order(owner)
    row = _post("allocations", {"reservationId": made["reservation_id"]})
    return {**made, "allocation_id": row["allocationId"]}


def a_task(owner: Someone) -> Values:
    """A pick that a warehouse was asked for."""
    made = an_allocation(owner)
    task = _post("warehouses/main/pick", {"orderId": made["order_id"]})
    return {**made, "task_id": task["taskId"]}


def a_comparison(owner: Someone) -> Values:
    from apps.inventory.models import Location, StockComparison, StockDifference
    from ecommerce.clock import now

    made = a_sku(owner)
    row = StockComparison.objects.create(
        location=Location.objects.get(code="main"), compared_at=now(), skus=1, differing=1
    )
    StockDifference.objects.create(comparison=row, sku_id=made["skuId"], ours=50, theirs=49)
    return {**made, "comparison_id": str(row.id)}


def _order(values: Values) -> dict[str, Any]:
    item = {"skuId": values["skuId"], "quantity": 5, "unitCost": EUR}
    return {"supplier": values["supplier"], "items": [item], "note": "for spring"}


def _sending(values: Values) -> dict[str, Any]:
    items = [{"skuId": values["skuId"], "quantity": 2}]
    return {"items": items, "fromLocationId": "main", "toLocationId": "attic", "reason": "room"}


def _watch(_: Values) -> dict[str, Any]:
    return {"name": "low", "watch": "low", "threshold": 1, "emails": ["ada@shop.example"]}


def _count(values: Values) -> dict[str, Any]:
    return {"locationId": "main", "scope": "chosen", "skuIds": [values["sku"]], "note": "monthly"}


def _said(**body: Any) -> Body:
    return lambda _: dict(body)


def _of_sku(**more: Any) -> Body:
    return lambda values: {"items": [{"skuId": values["skuId"], **more}]}


_PURCHASE, _COUNT, _TRANSFER = (
    "inventory/purchase-orders/<uuid:order_id>",
    "inventory/reconciliations/<uuid:count_id>",
    "inventory/transfers/<uuid:transfer_id>",
)
_SUPPLIER = {"name": "Potter & Co", "email": "potter@shop.example", "currency": "EUR"}

RULES: dict[str, tuple[Body, Maker | None]] = {
    "POST inventory/suppliers": (
        lambda values: {**_SUPPLIER, "code": f"sup-{new_id().hex[-8:]}"}, None
    ),
    "PUT inventory/suppliers/<slug:code>": (_said(**_SUPPLIER), a_supplier),
    "PUT inventory/suppliers/<slug:code>/terms": (_of_sku(unitCost=EUR, packUnits=6), a_supplier),
    "POST inventory/purchase-orders": (_order, a_supplier),
    f"PUT {_PURCHASE}": (_order, an_order),
    f"POST {_PURCHASE}/send": (_said(byHand=True), _approved),
    f"POST {_PURCHASE}/cancel": (_said(reason="not needed"), an_order),
    f"POST {_PURCHASE}/close": (_said(reason="enough"), _sent),
    "POST inbounds": (lambda values: {"purchaseOrderId": values["order_id"]}, _sent),
    "POST inbounds/<uuid:inbound_id>/receive": (_of_sku(received=2), an_inbound),
    "POST inventory/discrepancies/<uuid:discrepancy_id>/settle": (
        _said(how="accept", note="it happens"), a_discrepancy
    ),
    "POST inventory/replenishment-proposals": (
        lambda values: {"skuIds": [values["sku"]], "locationId": "main"}, a_sku
    ),
    "POST inventory/replenishment-proposals/order": (
        lambda values: {"proposalIds": [values["proposal_id"]]}, a_proposal
    ),
    "POST inventory/movements": (
        lambda values: {
            "skuId": values["sku"], "type": "receipt", "quantity": 1, "reason": "came in"
        },
        a_sku,
    ),
    "POST inventory/movements/<uuid:movement_id>/costs": (_said(amount=EUR), a_movement),
    "POST inventory/transfers": (_sending, a_sku),
    f"POST {_TRANSFER}/ship": (_said(reason="now"), _transfer(ship=False)),
    f"POST {_TRANSFER}/cancel": (_said(reason="not now"), _transfer(ship=False)),
    f"POST {_TRANSFER}/receive": (_of_sku(received=1), _transfer(ship=True)),
    f"POST {_TRANSFER}/close": (_said(reason="lost"), _transfer(ship=True)),
    "POST inventory/alerts/rules": (_watch, None),
    "PATCH inventory/alerts/rules/<uuid:rule_id>": (_said(name="very low", threshold=2), a_rule),
    "POST inventory/reconciliations": (_count, a_sku),
    f"POST {_COUNT}/counts": (
        lambda values: {"counts": [{"skuId": values["sku"], "counted": 9}]}, a_count
    ),
    f"POST {_COUNT}/review": (_said(missingIsNone=False), _counted),
    f"POST {_COUNT}/decisions": (
        lambda values: {"decisions": [{"skuId": values["sku"], "decision": "accepted"}]}, _reviewed
    ),
    f"POST {_COUNT}/apply": (_said(), _decided),
    f"POST {_COUNT}/cancel": (_said(), a_count),
    "POST inventory/<str:sku>/tracking": (_said(lots=True), a_sku),
    "PUT inventory/<str:sku>/counting": (_said(counting="striped"), a_sku),
    "PUT inventory/<str:sku>/policy": (_said(oversell="backorder", oversellLimit=3), a_sku),
    "PUT inventory/<str:sku>/kit": (
        lambda values: {"components": [{"skuId": goods("9")["skuId"], "quantity": 2}]},
        lambda owner: {"sku": goods("0")["code"]},
    ),
    "POST reservations/<uuid:reservation_id>/extend": (_said(ttlSeconds=7200), None),
    "POST warehouses/<str:warehouse>/pick": (
        lambda values: {"orderId": values["order_id"]}, an_allocation
    ),
    "POST warehouses/<str:warehouse>/confirm-pick": (
        lambda values: {"taskId": values["task_id"]}, a_task
    ),
    "POST warehouses/<str:warehouse>/receive": (
        lambda values: {
            "reference": new_id().hex, "items": [{"skuId": values["skuId"], "received": 1}]
        },
        a_sku,
    ),
    "POST warehouses/<str:warehouse>/receipts": (_of_sku(quantity=1), a_sku),
    "POST warehouses/<str:warehouse>/webhook": (_said(id="evt_1"), None),
    "POST inventory/warehouse-tasks/<uuid:task_id>/cancel": (_said(reason="no"), a_task),
    "POST inventory/stock-comparisons/<uuid:comparison_id>/count": (
        _said(reason="nightly"), a_comparison
    ),
    "POST allocations": (
        lambda values: {"reservationId": values["reservation_id"]}, _allocated_order
    ),
    "POST allocations/<uuid:allocation_id>/release": (_said(reason="no"), an_allocation),
}  # fmt: skip
"""By door: a body that it takes, and what has to be there before (None: what the path names)."""

MAKERS: dict[str, Maker] = {
    "inventory/suppliers/": a_supplier,
    "inventory/purchase-orders/": an_order,
    "inventory/discrepancies/": a_discrepancy,
    "inventory/replenishment-proposals/": a_proposal,
    "inventory/movements/": a_movement,
    "inventory/transfers/": _transfer(ship=False),
    "inventory/alerts/rules/": a_rule,
    "inventory/reconciliations/": a_count,
    "inventory/warehouse-tasks/": a_task,
    "inventory/stock-comparisons/": a_comparison,
    "inbounds/": an_inbound,
    "allocations/": an_allocation,
    "warehouses/": a_sku,
}
"""By prefix of the path: nobody's own, but staff's to see."""
