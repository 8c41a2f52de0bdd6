"""The second half of the demo order: the operator picks, packs and ships it; the shopper follows it."""

from typing import Any

from launcher.api import Caller, until
from launcher.processes import LaunchError
from launcher.screen import say

ON_ITS_WAY = ("IN_TRANSIT", "OUT_FOR_DELIVERY", "DELIVERED")


def send_parcel(shopper: Caller, operator: Caller, order: Any) -> None:
    """Send the order's parcel. Raises LaunchError where a step leaves another trace than it should."""
    fulfilment = until(
        "the warehouse to hear of the order", lambda: _fulfilment_of(operator, order)
    )
    work = f"/fulfillments/{fulfilment['id']}"
    _expect_state(operator.post(f"{work}/pick"), "PICKING")
    _expect_state(operator.post(f"{work}/pack"), "PACKED")
    say("  the warehouse picked and packed it")
    shipped = operator.post(f"{work}/ship")
    _expect_state(shipped, "SHIPPED")
    parcel = shipped["shipments"][0]
    say(f"  shipped with {parcel['carrier']}, tracking number {parcel['trackingNumber']}")
    _fetch_label(operator, parcel)
    _follow(shopper, parcel["trackingNumber"], order["id"])


def _fulfilment_of(operator: Caller, order: Any) -> Any:
    """The order's fulfilment; none until the event of its payment has come to the warehouse."""
    found = operator.get("/fulfillments", state="REQUESTED", pageSize=100)["results"]
    return next((one for one in found if one["orderId"] == order["id"]), None)


def _fetch_label(operator: Caller, parcel: Any) -> None:
    label = operator.http.get(f"/shipments/{parcel['id']}/label")
    if not label.content.startswith(b"%PDF"):
        raise LaunchError(f"The label is not a PDF: {label.status_code} {label.text[:200]}")
    say(f"  its label is a PDF of {len(label.content)} bytes")


def _follow(shopper: Caller, number: str, order_id: str) -> None:
    """What the shopper sees: the parcel on its way, the order fulfilled."""

    def moving() -> Any:
        tracking = shopper.get(f"/tracking/{number}")
        return tracking if tracking["status"] in ON_ITS_WAY else None

    tracking = until("the carrier to say that the parcel is on its way", moving)
    say(f"  tracking says {tracking['status']}")

    def fulfilled() -> Any:
        order = shopper.get(f"/orders/{order_id}")
        return order if order["status"] in ("FULFILLED", "COMPLETED") else None

    order = until("the order to be fulfilled", fulfilled)
    say(f"  the shopper sees the order {order['status']}")


def _expect_state(fulfilment: Any, state: str) -> None:
    if fulfilment["state"] != state:
        raise LaunchError(f"The fulfilment is {fulfilment['state']}, not {state}.")
