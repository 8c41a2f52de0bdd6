"""What inventory does when the catalog tells something, or it has told something itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.catalog.events import OffersReceived
from apps.inventory import services
from apps.inventory.events import (
    AvailableUpdated,
    MovementRecorded,
    OnHandUpdated,
    ReservationCancelled,
    ReservationReleased,
)
from apps.inventory.types import AllocateOrder, CountStock
from ecommerce import clock
from ecommerce.events import Envelope, consumer
from ecommerce.events.registry import name_of

_MOVED = name_of(MovementRecorded)


@consumer("inventory.imported_stock", "ecommerce.catalog.import.offers_received.v1")
def count_imported_stock(events: Sequence[Envelope]) -> None:
    """An imported file's stock counts are taken as counted, each once per import and SKU.

    Less than nothing is what a shop says that has oversold: nothing is there.
    """
    offers = [event.read(OffersReceived) for event in events]
    services.count_stock(
        [
            CountStock(
                sku_id=offer.sku_id,
                on_hand=max(0, offer.on_hand),
                location=offer.location,
                seller=offer.seller,
                reason="imported",
                reference=str(offer.import_id),
                idempotency_key=f"import:{offer.import_id}:{offer.sku_id}:{offer.location}",
            )
            for offer in offers
            if offer.on_hand is not None
        ]
    )


@consumer("inventory.backorders", AvailableUpdated)
def give_to_those_who_wait(events: Sequence[Envelope]) -> None:
    """Units that came free go to whoever waits for them longest. What is there decides, not the events."""
    services.fill_backorders(sku_ids=_with_some(events))


@consumer("inventory.kits", AvailableUpdated)
def tell_of_kits(events: Sequence[Envelope]) -> None:
    """A kit's availability follows its components'."""
    services.tell_kits(sku_ids={event.read(AvailableUpdated).sku_id for event in events})


def _with_some(events: Sequence[Envelope]) -> set[UUID]:
    facts = (event.read(AvailableUpdated) for event in events)
    return {fact.sku_id for fact in facts if fact.available > 0}


@consumer("inventory.alerts", AvailableUpdated, OnHandUpdated)
def look_at_what_changed(events: Sequence[Envelope]) -> None:
    """Look at the SKUs whose stock has changed, with an eye to what alert rules watch."""
    skus = {UUID(event.partition_key) for event in events}
    services.look_at_skus(skus, now=clock.now())


@consumer(
    "inventory.daily_demand",
    MovementRecorded,
    tables=("inventory_dailydemand",),
)
def count_demand(events: Sequence[Envelope]) -> None:
    """What is shipped is demand of its SKU, location and day (UTC)."""
    moved = [(event.occurred_at.date(), event.read(MovementRecorded)) for event in events]
    services.count_demand(
        (fact.sku_id, fact.location_id, day, -fact.delta)
        for day, fact in moved
        if fact.type == "shipment" and fact.delta < 0
    )


@consumer(
    "inventory.stockouts",
    AvailableUpdated,
    MovementRecorded,
    tables=("inventory_stockout",),
)
def note_stockouts(events: Sequence[Envelope]) -> None:
    """When a SKU could not be sold: none on hand at a location, or nothing left to promise of it anywhere."""
    told: list[tuple[UUID, str | None, datetime, bool]] = []
    for event in events:
        if event.event_type == _MOVED:
            moved = event.read(MovementRecorded)
            if moved.delta and 0 in (moved.prev_balance, moved.new_balance):
                told.append(
                    (moved.sku_id, moved.location_id, event.occurred_at, moved.new_balance == 0)
                )
        else:
            fact = event.read(AvailableUpdated)
            told.append((fact.sku_id, None, event.occurred_at, fact.available <= 0))
    services.note_stockouts(told)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Order:
    """What routing needs to know of an order."""

    order_id: UUID
    channel: str = ""
    shipping_country: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ended:
    """Something of an order is over, and why."""

    order_id: UUID
    reason: str = ""


@consumer("inventory.allocations", "ecommerce.orders.order.paid.v1")
def allocate_paid_orders(events: Sequence[Envelope]) -> None:
    """Which locations send an order is decided once it is paid, off the path of whoever buys."""
    orders = [event.read(_Order) for event in events]
    services.allocate_paid(
        [
            AllocateOrder(
                order_id=order.order_id,
                channel=order.channel,
                country=order.shipping_country or "",
            )
            for order in orders
        ],
        now=clock.now(),
    )


@consumer("inventory.picks", "ecommerce.shipping.fulfillment.allocated.v1")
def have_orders_picked(events: Sequence[Envelope]) -> None:
    """The order is being picked: locations with a system of their own are told."""
    for event in events:
        services.request_picks(order_id=event.read(_Order).order_id, now=clock.now())


@consumer("inventory.called_off", "ecommerce.shipping.fulfillment.failed.v1")
def call_picks_off(events: Sequence[Envelope]) -> None:
    """The order is not sent after all, or not now: what was picked is put back."""
    for event in events:
        order = event.read(_Ended)
        services.cancel_picks(order_id=order.order_id, reason=order.reason, now=clock.now())


@consumer("inventory.given_back", ReservationCancelled, ReservationReleased)
def close_allocations(events: Sequence[Envelope]) -> None:
    """An order gave its stock back: nobody is to pick it. Tasks first, in the order of locks."""
    for event in events:
        order = event.read(_Ended)
        services.cancel_picks(order_id=order.order_id, reason=order.reason, now=clock.now())
        services.note_released(order_id=order.order_id, reason=order.reason, now=clock.now())
